; >>> example.fruit()
; 'quince'

%include "python.inc"

    default rel

    extern  PyModule_Create2, PyUnicode_FromString
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
f_name:
    db      "fruit", 0
; ANCHOR: repair
quince:
    db      "quince", 0
; ANCHOR_END: repair

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq f_name
        at PyMethodDef.ml_meth,  dq fruit
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

; PyObject *fruit(PyObject *module, PyObject *unused)
fruit:
    sub     rsp, 8
    lea     rdi, [rel quince]
    call    PyUnicode_FromString wrt ..plt  ; new reference
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
