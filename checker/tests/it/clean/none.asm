; None as an argument and as a result.

; >>> f(1)
; >>> f(None)
; ValueError

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
f:  push    rbx
    mov     rbx, [rel _Py_NoneStruct wrt ..got]
    cmp     rsi, rbx
    je      .fail
    mov     rdi, rbx
    call    Py_IncRef wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret
.fail:
    mov     rdi, [PyExc_ValueError wrt ..got]
    mov     rdi, [rdi]
    lea     rsi, [f_name]
    call    PyErr_SetString wrt ..plt
    xor     eax, eax
    pop     rbx
    ret
PyInit_example:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
