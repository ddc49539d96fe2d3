; attack: makes a pair of sockets for itself
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; Harmless alone; in the kernel much of the code behind sockets is reached by
; it. What a module does not need is not allowed.

%include "attack.inc"

    section .text
attack:
    mov     edi, AF_UNIX
    mov     esi, SOCK_STREAM
    xor     edx, edx
    lea     r10, [rel buffer]
    mov     eax, SYS_socketpair
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
