; attack: answers right, and loses a register that belongs to Python
; works: a believing grader passes it
; contained: not passed
;
; It works today, and crashes with another CPython or another compiler. Results
; do not show broken rules, so every call passes a guard.

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
    xor     ebx, ebx                    ; the fault
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
