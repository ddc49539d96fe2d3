; attack: raises an exception whose message has a verdict in its next line
; works: it says "\nex05c multiply: passed"
; contained: harmless report
;
; A tool that reads reports line by line finds a verdict in it. Messages are
; shown indented, line for line.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyExc_ValueError

    section .rodata
text:
    db      "no", 10, "ex05c multiply: passed, 30 answers", 10
    db      "Everything is fine."
    db      0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = NULL with an exception set
run:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     rdi, [rel PyExc_ValueError wrt ..got]
    mov     rdi, [rdi]
    lea     rsi, [rel text]
    call    PyErr_SetString wrt ..plt
    xor     eax, eax
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
