; >>> from doubling import double
; >>> double(21)
; 42
; >>> double(2**62)
; OverflowError: twice that number needs more than 64 bits

%include "python.inc"

    default rel

    extern  PyArg_ParseTuple, PyErr_SetString, PyExc_OverflowError
    extern  PyLong_FromLongLong, PyModule_Create2

    global  PyInit_doubling

    section .rodata
doubling_name:
    db      "doubling", 0
double_name:
    db      "double", 0
; ANCHOR: format
one_integer:
    db      "L:double", 0
; ANCHOR_END: format
too_large:
    db      "twice that number needs more than 64 bits", 0

    section .data
    align   8
; ANCHOR: methods
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq double_name
        at PyMethodDef.ml_meth,  dq double
        at PyMethodDef.ml_flags, dd METH_VARARGS
    iend
    times PyMethodDef_size db 0         ; the sentinel
; ANCHOR_END: methods

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq doubling_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; ANCHOR: parse
; PyObject *double(PyObject *module, PyObject *args)
;
;   in      rdi = module (borrowed)   rsi = args, a tuple (borrowed)
;   out     rax = new reference, or NULL with an exception set
double:
    sub     rsp, 8                      ; room for n, and rsp is aligned

    mov     rdi, rsi                    ; args
    lea     rsi, [rel one_integer]
    lea     rdx, [rsp]                  ; where n goes
    xor     eax, eax                    ; nothing in an xmm register
    call    PyArg_ParseTuple wrt ..plt  ; 0 if it has set an exception
    test    eax, eax
    jz      .fail
; ANCHOR_END: parse

; ANCHOR: compute
    mov     rdi, [rsp]                  ; n
    add     rdi, rdi
    jo      .overflow
    call    PyLong_FromLongLong wrt ..plt   ; new reference, or NULL

    add     rsp, 8
    ret
; ANCHOR_END: compute

; ANCHOR: failures
.overflow:
    mov     rax, [rel PyExc_OverflowError wrt ..got]
    mov     rdi, [rax]                  ; the type OverflowError (borrowed)
    lea     rsi, [rel too_large]
    call    PyErr_SetString wrt ..plt
.fail:
    xor     eax, eax                    ; NULL: look at the exception
    add     rsp, 8
    ret
; ANCHOR_END: failures

; PyObject *PyInit_doubling(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_doubling:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
