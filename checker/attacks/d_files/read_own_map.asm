; attack: reads where everything is in its own process
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; /proc/self/maps undoes the random layout of memory and leads to the guard's
; page and code. It is a file, and a guest opens no files.

%include "attack.inc"

    section .rodata
path:
    db      "/proc/self/maps", 0

    section .text
attack:
    lea     rdi, [rel path]
    jmp     reads

    section .note.GNU-stack noalloc noexec nowrite progbits
