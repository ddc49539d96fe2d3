; >>> import compass
; >>> compass.north()
; 0
; >>> compass.east()
; 90

%include "python.inc"

    default rel

    extern  PyLong_FromLong, PyModule_Create2

    global  PyInit_compass

    section .rodata
compass_name:
    db      "compass", 0
north_name:
    db      "north", 0
east_name:
    db      "east", 0
east_doc:
    db      "Return 90, the degrees from north to east.", 0

; ANCHOR: methods
    section .data
    align   8
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq north_name
        at PyMethodDef.ml_meth,  dq north
        at PyMethodDef.ml_flags, dd METH_NOARGS
    iend
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq east_name
        at PyMethodDef.ml_meth,  dq east
        at PyMethodDef.ml_flags, dd METH_NOARGS
        at PyMethodDef.ml_doc,   dq east_doc
    iend
    times PyMethodDef_size db 0         ; the sentinel
; ANCHOR_END: methods

; ANCHOR: definition
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq compass_name
        at PyModuleDef.m_methods, dq methods
    iend
; ANCHOR_END: definition

    section .text

; PyObject *north(PyObject *module, PyObject *unused)
;
;   in      rdi = module (borrowed)   rsi = NULL
;   out     rax = new reference, or NULL with an exception set
north:
    sub     rsp, 8                      ; rsp to a multiple of 16
    xor     edi, edi
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret

; ANCHOR: east
; PyObject *east(PyObject *module, PyObject *unused)
;
;   in      rdi = module (borrowed)   rsi = NULL
;   out     rax = new reference, or NULL with an exception set
east:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 90
    call    PyLong_FromLong wrt ..plt
    add     rsp, 8
    ret
; ANCHOR_END: east

; PyObject *PyInit_compass(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_compass:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
