; attack: reads the command that started the zygote
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; A secret among the arguments of a program is in /proc/self/cmdline for the
; program itself and for all others.

%include "attack.inc"

    section .rodata
path:
    db      "/proc/self/cmdline", 0

    section .text
attack:
    lea     rdi, [rel path]
    jmp     reads

    section .note.GNU-stack noalloc noexec nowrite progbits
