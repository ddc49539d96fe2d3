; attack: answers right, and takes precision from the old floating-point unit
; works: a believing grader passes it
; contained: not passed
;
; C's long double is computed there, and strtod of some C libraries too.

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
    fnstcw  [rsp]
    and     word [rsp], 0xfcff          ; 24 bits
    fldcw   [rsp]                       ; the fault
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
