; attack: answers right, and calls with a stack off by eight
; works: a believing grader passes it
; contained: not passed
;
; Whether the callee minds depends on whether its compiler used an aligned
; store. The guard looks at every call that leaves the module.

%define OWN_RUN
%include "attack.inc"

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference
run:
    mov     edi, 42
    call    PyLong_FromLong wrt ..plt   ; the fault
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
