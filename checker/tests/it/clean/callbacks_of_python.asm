; A function that calls Python, which calls the function again.
;
; >>> f(lambda: f(lambda: 5))
; 5
; >>> f(lambda: f(1))
; TypeError

%include "python.inc"

    default rel

    extern  PyModule_Create2, PyObject_CallFunctionObjArgs
    global  PyInit_example

    section .rodata
example_name: db "example", 0
f_name:     db "f", 0

    section .data
    align   8
methods:
    dq      f_name, f
    dd      METH_O, 0
    dq      0
    times PyMethodDef_size db 0
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
    push    r12
    mov     r12, rsi
    mov     rdi, rsi
    xor     esi, esi
    xor     eax, eax
    call    PyObject_CallFunctionObjArgs wrt ..plt
    pop     r12
    ret

PyInit_example:
    lea     rdi, [rel definition]
    mov     esi, PYTHON_ABI_VERSION
    jmp     PyModule_Create2 wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
