; attack: reads a file by a path that leads around /proc
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; A list of forbidden paths does not know this one. Landlock looks at the file
; that is reached, and not at the way.

%include "attack.inc"

    section .rodata
path:
    db      "/proc/self/root/proc/self/cwd/../../etc/../proc/self/cwd/secret", 0

    section .text
attack:
    lea     rdi, [rel path]
    jmp     reads

    section .note.GNU-stack noalloc noexec nowrite progbits
