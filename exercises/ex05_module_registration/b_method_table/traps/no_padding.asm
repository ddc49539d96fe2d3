; must say: M008 4 bytes short
; The rows have no docstrings yet, and they are 28 bytes long: the four bytes
; after ml_flags are missing. CPython looks for the second row 32 bytes after
; the first, in the middle of it.

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
    db      "dozen", 0
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
methods:                                ; <-- here
    dq      dozen_name                  ; ml_name
    dq      dozen                       ; ml_meth
    dd      METH_NOARGS                 ; ml_flags
    dq      0                           ; ml_doc
    dq      score_name                  ; ml_name
    dq      score                       ; ml_meth
    dd      METH_NOARGS                 ; ml_flags
    dq      0                           ; ml_doc
    dq      gross_name                  ; ml_name
    dq      gross                       ; ml_meth
    dd      METH_NOARGS                 ; ml_flags
    dq      0                           ; ml_doc
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
