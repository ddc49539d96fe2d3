; A function that is nothing but a jump to another one.

; >>> f(5)
; -5
; >>> f('a')
; TypeError

%include "python.inc"
    default rel
    extern  PyModule_Create2, PyNumber_Negative, PyObject_Str, PyErr_Clear
    global  PyInit_example
    section .rodata
example_name: db "example", 0
f_name: db "f", 0
    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name, dq f_name
        at PyMethodDef.ml_meth, dq f
        at PyMethodDef.ml_flags, dd METH_O
    iend
    times PyMethodDef_size db 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1
        at PyModuleDef.m_name, dq example_name
        at PyModuleDef.m_methods, dq methods
    iend
    section .text
f:  mov     rdi, rsi
    jmp     [PyNumber_Negative wrt ..got]
PyInit_example:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
