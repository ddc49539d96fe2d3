; attack: reads the list of the machine's users
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Every user may read /etc/passwd, so permissions of files do not help. Landlock
; takes the right to open anything from the process, whoever it runs as.

%include "attack.inc"

    section .rodata
path:
    db      "/etc/passwd", 0

    section .text
attack:
    lea     rdi, [rel path]
    jmp     reads

    section .note.GNU-stack noalloc noexec nowrite progbits
