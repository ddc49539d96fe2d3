; attack: answers right, and gives up a reference to its module
; works: a believing grader passes it
; contained: not passed
;
; The module object dies some calls later than it should live, in code that has
; nothing to do with it. The guard sees who is given up, and that nothing was
; to be.

%define OWN_RUN
%include "attack.inc"

    extern  Py_DecRef

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference
run:
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    Py_DecRef wrt ..plt         ; the fault: rdi = module is borrowed
    mov     edi, 42
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
