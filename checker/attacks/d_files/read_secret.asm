; attack: reads a file that lies beside the module
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Hidden tests and expected answers often lie in the folder where the tests run.
; A guest may open no file, and what is hidden is not on its disk at all.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    lea     rdi, [rel path]
    jmp     reads

    section .note.GNU-stack noalloc noexec nowrite progbits
