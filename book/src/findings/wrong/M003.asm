; >>> example.same('a')
; 'a'

%include "python.inc"

    default rel

    extern  PyModule_Create2, Py_IncRef
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
same_name:
    db      "same", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq same_name
        at PyMethodDef.ml_meth,  dq same
        at PyMethodDef.ml_flags, dd METH_O | METH_STATIC
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *same(PyObject *module, PyObject *object)
same:
    push    rbx                         ; also brings rsp back to 16
    mov     rbx, rsi                    ; borrowed
    mov     rdi, rsi
    call    Py_IncRef wrt ..plt         ; now there is one for our caller
    mov     rax, rbx
    pop     rbx
    ret

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
