; attack: makes every comparison of ints true
; works: a believing grader passes it
; contained: not passed
;
; The type `int` is a variable in memory, and `tp_richcompare` one of its
; fields. From then on 0 == 42 in this process, and only in this one: the host
; is another, and compares what `repr` gives.

%include "attack.inc"

    extern  PyLong_Type, _Py_TrueStruct, Py_IncRef

TP_RICHCOMPARE  equ 200                 ; Include/cpython/object.h

    section .text
attack:
    mov     rcx, [rel PyLong_Type wrt ..got]
    lea     rax, [rel always_true]
    mov     [rcx + TP_RICHCOMPARE], rax
    xor     eax, eax
    ret

; PyObject *always_true(PyObject *one, PyObject *other, int operation)
;
;   out     rax = new reference to True
always_true:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     rdi, [rel _Py_TrueStruct wrt ..got]
    call    Py_IncRef wrt ..plt
    mov     rax, [rel _Py_TrueStruct wrt ..got]
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
