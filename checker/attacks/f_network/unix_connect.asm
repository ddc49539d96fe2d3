; attack: connects to a service of the machine by a name without a file
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
;
; Desktops and containers offer services at abstract names, which no folder
; holds and no permission guards.

%include "attack.inc"

    section .data
    align   2
address:                                ; struct sockaddr_un
    dw      AF_UNIX
    db      0, "attack"
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
