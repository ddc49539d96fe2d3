; attack: calls a function of CPython's that the exercise does not allow
; works: run() is 1
; contained: refused L010
; allowed: PyModule_Create2, PyLong_FromLong
;
; A policy and no protection: who has one address of a library has all of it.
; It keeps honest people at the exercise's point, and says so before they run.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "pass", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt    ; 0, or -1
    add     rsp, 8
    inc     eax                         ; 1, or 0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
