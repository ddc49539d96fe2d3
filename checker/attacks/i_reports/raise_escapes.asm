; attack: raises an exception whose message steers the terminal
; works: it says "\e[2J"
; contained: harmless report
;
; Messages of exceptions are shown beside what was expected, and get the same
; treatment as everything else that comes from a guest.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyExc_ValueError

    section .rodata
text:
    db      27, "[2J", 27, "[Hex05c: passed", 27, "]0;passed", 7
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
