; attack: connects to a service of the machine by a file
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
;
; /var/run/docker.sock is such a file, and whoever may talk to it is root.

%include "attack.inc"

    section .data
    align   2
address:                                ; struct sockaddr_un
    dw      AF_UNIX
    db      "service", 0
ADDRESS_SIZE    equ $ - address

    section .text
attack:
    mov     edi, AF_UNIX
    mov     esi, SOCK_STREAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, ADDRESS_SIZE
    mov     eax, SYS_connect
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
