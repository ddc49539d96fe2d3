; attack: sends a datagram, as a question to a name server is one
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; Where only TCP is closed, names can be asked for, and a name can carry any
; text out. Landlock does not cover UDP.

%include "attack.inc"

    section .data
    align   4
address:                                ; struct sockaddr_in
    dw      AF_INET
    db      7007 >> 8, 7007 & 0xff      ; the port, upper byte first
    db      127, 0, 0, 1
    times 8 db 0

    section .text
attack:
    mov     edi, AF_INET
    mov     esi, SOCK_DGRAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, 16
    xor     r10d, r10d
    lea     r8, [rel address]
    mov     r9d, 16
    mov     eax, SYS_sendto
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
