; METH_VARARGS | METH_KEYWORDS, seven arguments for one call.
;
; >>> f(1)
; 11
; >>> f(1, step=5)
; 6
; >>> f(1, 2, 3)
; TypeError

%include "python.inc"

    default rel

    extern  PyModule_Create2, PyArg_ParseTupleAndKeywords, PyLong_FromLong
    global  PyInit_example

    section .rodata
example_name: db "example", 0
f_name:     db "f", 0
n_name:     db "n", 0
step_name:  db "step", 0
format:     db "l|l:f", 0

    section .data
    align   8
methods:
    dq      f_name, f
    dd      METH_VARARGS | METH_KEYWORDS, 0
    dq      0
    times PyMethodDef_size db 0
names:      dq n_name, step_name, 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_size,    dq 0
        at PyModuleDef.m_methods, dq methods
        at PyModuleDef.m_slots,   dq 0
    iend

    section .text

f:
    push    rbp
    mov     rbp, rsp
    sub     rsp, 16
    mov     qword [rbp - 16], 10
    mov     rdi, rsi
    mov     rsi, rdx
    lea     rdx, [rel format]
    lea     rcx, [rel names]
    lea     r8, [rbp - 8]
    lea     r9, [rbp - 16]
    xor     eax, eax
    call    PyArg_ParseTupleAndKeywords wrt ..plt
    test    eax, eax
    jz      .fail
    mov     rdi, [rbp - 8]
    add     rdi, [rbp - 16]
    call    PyLong_FromLong wrt ..plt
    leave
    ret
.fail:
    xor     eax, eax
    leave
    ret

PyInit_example:
    lea     rdi, [rel definition]
    mov     esi, PYTHON_ABI_VERSION
    jmp     PyModule_Create2 wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
