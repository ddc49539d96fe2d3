; must say: V001 5000
; a and b lie in .bss, where all calls share them. While the first call reads
; its second argument, that argument's __index__ calls multiply and changes a.

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

    section .bss
    align   8
a:  resq    1
b:  resq    1

    section .text

; PyObject *multiply(PyObject *module, PyObject *args)
;
;   in      rdi = module (borrowed)   rsi = args, a tuple (borrowed)
;   out     rax = new reference, or NULL with an exception set
multiply:
    sub     rsp, 8                      ; rsp to a multiple of 16

    mov     rdi, rsi                    ; args
    lea     rsi, [rel two_integers]
    lea     rdx, [rel a]
    lea     rcx, [rel b]
    xor     eax, eax
    call    PyArg_ParseTuple wrt ..plt
    test    eax, eax
    jz      .fail

    mov     rdi, [rel a]
    imul    rdi, [rel b]
    jo      .overflow
    call    PyLong_FromLongLong wrt ..plt

    add     rsp, 8
    ret

.overflow:
    mov     rax, [rel PyExc_OverflowError wrt ..got]
    mov     rdi, [rax]
    lea     rsi, [rel does_not_fit]
    call    PyErr_SetString wrt ..plt
.fail:
    xor     eax, eax
    add     rsp, 8
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
