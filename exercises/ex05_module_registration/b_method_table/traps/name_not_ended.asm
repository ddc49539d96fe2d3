; must say: V012 dozen_name
; Without its zero byte the first name goes on into the string behind it.

; >>> import units
; >>> units.dozen()
; 12
; >>> units.gross()
; 144
; >>> units.score.__doc__
; 'Return 20.'

%include "python.inc"

    default rel

    extern  PyLong_FromLong, PyModule_Create2

    global  PyInit_units

    section .rodata
units_name:
    db      "units", 0
dozen_name:
    db      "dozen"
dozen_doc:
    db      "Return 12.", 0
score_name:
    db      "score", 0
score_doc:
    db      "Return 20.", 0
gross_name:
    db      "gross", 0
gross_doc:
    db      "Return 144.", 0

    section .data
    align   8
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq dozen_name
        at PyMethodDef.ml_meth,  dq dozen
        at PyMethodDef.ml_flags, dd METH_NOARGS
        at PyMethodDef.ml_doc,   dq dozen_doc
    iend
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq score_name
        at PyMethodDef.ml_meth,  dq score
        at PyMethodDef.ml_flags, dd METH_NOARGS
        at PyMethodDef.ml_doc,   dq score_doc
    iend
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq gross_name
        at PyMethodDef.ml_meth,  dq gross
        at PyMethodDef.ml_flags, dd METH_NOARGS
        at PyMethodDef.ml_doc,   dq gross_doc
    iend
    times PyMethodDef_size db 0         ; the sentinel: ml_name is NULL

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq units_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *dozen(PyObject *module, PyObject *unused)
;
;   in      rdi = module (borrowed)   rsi = NULL
;   out     rax = new reference, or NULL with an exception set
dozen:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 12
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret

; PyObject *score(PyObject *module, PyObject *unused)
;
;   in      rdi = module (borrowed)   rsi = NULL
;   out     rax = new reference, or NULL with an exception set
score:
    sub     rsp, 8
    mov     edi, 20
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret

; PyObject *gross(PyObject *module, PyObject *unused)
;
;   in      rdi = module (borrowed)   rsi = NULL
;   out     rax = new reference, or NULL with an exception set
gross:
    sub     rsp, 8
    mov     edi, 144
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret

; PyObject *PyInit_units(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_units:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
