; >>> example.length('abc')
; 3

%include "python.inc"

    default rel

    extern  PyList_Size, PyLong_FromSsize_t, PyModule_Create2
    extern  PySequence_List, Py_DecRef
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
f_name:
    db      "length", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq f_name
        at PyMethodDef.ml_meth,  dq length
        at PyMethodDef.ml_flags, dd METH_O
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *length(PyObject *module, PyObject *iterable)
length:
    push    rbx
    mov     rdi, rsi
    call    PySequence_List wrt ..plt   ; new reference, or NULL
    mov     rbx, rax
    test    rax, rax
    jz      .fail
    mov     rdi, rbx
    call    Py_DecRef wrt ..plt         ; the list is gone
    mov     rdi, rbx
    call    PyList_Size wrt ..plt
    mov     rdi, rax
    call    PyLong_FromSsize_t wrt ..plt
    pop     rbx
    ret
.fail:
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
