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
    ; your code: three names and three docstrings

    section .data
    align   8
    ; your code: the method table

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq units_name
        ; your code: where the table is
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
