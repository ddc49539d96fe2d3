; attack: waits for somebody to connect
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; A server inside the network of the grader, for whoever calls.

%include "attack.inc"

    section .data
    align   4
address:                                ; struct sockaddr_in
    dw      AF_INET
    db      7008 >> 8, 7008 & 0xff      ; the port, upper byte first
    db      127, 0, 0, 1
    times 8 db 0

    section .text
attack:
    mov     edi, AF_INET
    mov     esi, SOCK_STREAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     ebx, eax
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, 16
    mov     eax, SYS_bind
    syscall
    test    rax, rax
    js      outcome
    mov     edi, ebx
    mov     esi, 1
    mov     eax, SYS_listen
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
