; attack: answers right, and leaves the direction flag set
; works: a believing grader passes it
; contained: not passed
;
; The next `rep movsb`, in whoever's code, goes backwards through memory.

%define OWN_RUN
%include "attack.inc"

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference
run:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 42
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    std                                 ; the fault
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
