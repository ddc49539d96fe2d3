; attack: raises an exception whose message is one line of 100,000 characters
; works: it says "xxxxxxxxxxxxxxxx"
; contained: harmless report
;
; Reports that show it whole are scrolled past and not read. Only the part
; around the first difference is shown.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyExc_ValueError

    section .rodata
text:
    times 100000 db "x"
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
