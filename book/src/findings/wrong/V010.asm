; >>> example.answer()
; 42

%include "python.inc"

    default rel

    extern  PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
answer_name:
    db      "answer", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq answer_name
        at PyMethodDef.ml_meth,  dq answer
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

; PyObject *answer(PyObject *module, PyObject *unused)
answer:
    mov     eax, 42
    ret

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
