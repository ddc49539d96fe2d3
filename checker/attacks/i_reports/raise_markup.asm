; attack: raises an exception whose message is a script for a browser
; works: it says "<script>"
; contained: harmless report
;
; Reports end up in web pages and in Markdown. A terminal shows it as it is, and
; reporters for other formats have to escape it.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyExc_ValueError

    section .rodata
text:
    db      "<script>alert(1)</script> "
    db      "[passed](javascript:alert(1)) | ", 96, 96, 96
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
