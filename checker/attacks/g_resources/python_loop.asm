; attack: has Python loop
; works: no answer comes
; contained: time limit
;
; No instruction of the module is running, so nothing is to be seen at its
; lines. The deadline does not ask whose loop it is.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "while True: pass", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
