; attack: answers right, and loses the last of the registers to keep
; works: a believing grader passes it
; contained: not passed
;
; Compilers use r15 last, so losing it is found last. The guard looks at all.

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
    mov     r15d, 42                    ; the fault
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
