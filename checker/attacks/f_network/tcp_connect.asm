; attack: connects to a server
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; The way out for whatever was read, and with a shell at its end the way in.
; A guest can make no socket of any kind.

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
    mov     esi, SOCK_STREAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, 16
    mov     eax, SYS_connect
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
