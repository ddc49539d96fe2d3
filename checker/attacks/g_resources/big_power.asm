; attack: has Python compute a number of 84 million digits
; works: no answer comes
; contained: time limit or in vain
;
; One C function runs for minutes here, and CPython looks at signals between
; functions only. A deadline by a Python signal handler never comes.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "7 ** 10 ** 8", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
