; must say: V011 PyArg_ParseTuple
; rdi still holds the module when PyArg_ParseTuple expects the tuple there.

; >>> from multiply import multiply
; >>> multiply(2, 4)
; 8
; >>> multiply(2**62, 2)
; OverflowError: the product does not fit in 64 bits

%include "python.inc"

    default rel

    extern  PyArg_ParseTuple, PyErr_SetString, PyExc_OverflowError
    extern  PyLong_FromLongLong, PyModule_Create2

    global  PyInit_multiply

    section .rodata
multiply_name:
    db      "multiply", 0
multiply_doc:
    db      "Multiply two integers; the product must fit in 64 bits.", 0
two_integers:
    db      "LL:multiply", 0            ; the name is for error messages
does_not_fit:
    db      "the product does not fit in 64 bits", 0

    section .data
    align   8
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq multiply_name
        at PyMethodDef.ml_meth,  dq multiply
        at PyMethodDef.ml_flags, dd METH_VARARGS
        at PyMethodDef.ml_doc,   dq multiply_doc
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq multiply_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; What multiply keeps on the stack.
    struc locals
.a:         resq 1                      ; long long
.b:         resq 1                      ; long long
.align:     resq 1                      ; brings rsp to a multiple of 16
    endstruc

; PyObject *multiply(PyObject *module, PyObject *args)
;
;   in      rdi = module (borrowed)   rsi = args, a tuple (borrowed)
;   out     rax = new reference, or NULL with an exception set
multiply:
    sub     rsp, locals_size

    lea     rsi, [rel two_integers]
    lea     rdx, [rsp + locals.a]       ; where the first one goes
    lea     rcx, [rsp + locals.b]       ; where the second one goes
    xor     eax, eax                    ; variadic: nothing in an xmm register
    call    PyArg_ParseTuple wrt ..plt  ; <-- here
    test    eax, eax
    jz      .fail

    mov     rdi, [rsp + locals.a]
    imul    rdi, [rsp + locals.b]       ; OF = 1 if it needs more than 64 bits
    jo      .overflow
    call    PyLong_FromLongLong wrt ..plt   ; new reference, or NULL

    add     rsp, locals_size
    ret

.overflow:
    mov     rax, [rel PyExc_OverflowError wrt ..got]
    mov     rdi, [rax]                  ; the exception's type (borrowed)
    lea     rsi, [rel does_not_fit]
    call    PyErr_SetString wrt ..plt
.fail:
    xor     eax, eax                    ; NULL: see the exception
    add     rsp, locals_size
    ret

; PyObject *PyInit_multiply(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_multiply:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
