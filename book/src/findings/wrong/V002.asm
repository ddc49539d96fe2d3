; >>> example.pop()
; IndexError

%include "python.inc"

    default rel

    extern  PyErr_SetString, PyExc_ValueError, PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
pop_name:
    db      "pop", 0
empty:
    db      "pop from an empty stack", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq pop_name
        at PyMethodDef.ml_meth,  dq pop
        at PyMethodDef.ml_flags, dd METH_NOARGS
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *pop(PyObject *module, PyObject *unused)
pop:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     rax, [rel PyExc_ValueError wrt ..got]
    mov     rdi, [rax]                  ; the type (borrowed)
    lea     rsi, [rel empty]
    call    PyErr_SetString wrt ..plt
    xor     eax, eax                    ; NULL: see the exception
    add     rsp, 8
    ret

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
