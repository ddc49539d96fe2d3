; attack: answers right, and changes how all later sums are rounded
; works: a believing grader passes it
; contained: not passed
;
; MXCSR belongs to the caller. From here on 0.1 + 0.2 is another number in the
; whole process.

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
    stmxcsr [rsp]
    or      dword [rsp], 0x6000         ; toward zero
    ldmxcsr [rsp]                       ; the fault
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
