; Two texts with one end.

; >>> f()
; ('unhappy', 'happy')

%include "python.inc"
    default rel
    extern  PyModule_Create2, PyUnicode_FromStringAndSize, PyBytes_FromStringAndSize, PyUnicode_FromString, PyErr_SetString, PyExc_ValueError, Py_IncRef, Py_DecRef, _Py_NoneStruct, PyTuple_Pack, PyUnicode_FromFormat
    global  PyInit_example
    section .rodata
example_name: db "example", 0
f_name: db "f", 0
    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name, dq f_name
        at PyMethodDef.ml_meth, dq f
        at PyMethodDef.ml_flags, dd METH_NOARGS
    iend
    times PyMethodDef_size db 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1
        at PyModuleDef.m_name, dq example_name
        at PyModuleDef.m_methods, dq methods
    iend
    section .text
f:  push    rbx
    lea     rdi, [unhappy]
    call    PyUnicode_FromString wrt ..plt
    mov     rbx, rax
    lea     rdi, [unhappy + 2]
    call    PyUnicode_FromString wrt ..plt
    push    rax
    sub     rsp, 8
    mov     edi, 2
    mov     rsi, rbx
    mov     rdx, rax
    xor     eax, eax
    call    PyTuple_Pack wrt ..plt
    xchg    rax, rbx
    mov     rdi, rax
    call    Py_DecRef wrt ..plt
    add     rsp, 8
    pop     rdi
    sub     rsp, 8
    sub     rsp, 8
    call    Py_DecRef wrt ..plt
    add     rsp, 16
    mov     rax, rbx
    pop     rbx
    ret
    section .rodata
unhappy: db "un"
happy: db "happy", 0
    section .text
PyInit_example:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
