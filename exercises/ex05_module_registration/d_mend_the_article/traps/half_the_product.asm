; must say: V009
; The product is 8 bytes long, and 4 of them are loaded. The load fills the
; upper half of rdi with zeros.

; >>> from pymult import multiply
; >>> multiply(2, 4)
; 8
; >>> multiply(2**62, 2)
; OverflowError: the product does not fit in 64 bits

    default rel

    extern  PyArg_ParseTuple, PyErr_SetString, PyExc_OverflowError
    extern  PyLong_FromLong, PyModule_Create2

    global  PyInit_pymult

METH_VARARGS        equ 1
PYTHON_API_VERSION  equ 1013

; What CPython wants to know of a module.
    struc module_def
.head:      resb 40                     ; CPython's own, but for the first field
.name:      resq 1                      ; char *
.doc:       resq 1                      ; char *
.size:      resq 1
.methods:   resq 1                      ; method_def *
.rest:      resq 4                      ; NULL in a module like this
    endstruc

; What it wants to know of a function: one row of the method table.
    struc method_def
.name:      resq 1                      ; char *
.function:  resq 1                      ; its address
.flags:     resd 1                      ; an int, as in C
.padding:   resd 1                      ; C begins a pointer at a multiple of 8
.doc:       resq 1                      ; char *
    endstruc

    section .rodata
module_name:
    db      "pymult", 0
module_doc:
    db      "Products, in assembly.", 0
multiply_name:
    db      "multiply", 0
multiply_doc:
    db      "Multiply two integers.", 0
two_integers:
    db      "LL:multiply", 0            ; two long longs
does_not_fit:
    db      "the product does not fit in 64 bits", 0

    section .data
    align   8
methods:
    istruc method_def
        at method_def.name,     dq multiply_name
        at method_def.function, dq multiply
        at method_def.flags,    dd METH_VARARGS
        at method_def.doc,      dq multiply_doc
    iend
    times method_def_size db 0          ; the sentinel

definition:
    istruc module_def
        at module_def.head,    dq 1     ; one reference
        at module_def.name,    dq module_name
        at module_def.doc,     dq module_doc
        at module_def.methods, dq methods
    iend

    section .text

; What multiply keeps on the stack, below the caller's rbx.
    struc locals
.a:         resq 1                      ; long long
.b:         resq 1                      ; long long
.product:   resq 1                      ; long long
.align:     resq 1                      ; brings rsp to a multiple of 16
    endstruc

; PyObject *multiply(PyObject *module, PyObject *args)
;
;   in      rdi = module (borrowed)   rsi = args, a tuple (borrowed)
;   out     rax = new reference, or NULL with an exception set
;   keeps   rbx = what to return if something fails
multiply:
    push    rbx
    sub     rsp, locals_size            ; rsp is a multiple of 16
    xor     ebx, ebx                    ; NULL

    mov     rdi, rsi                    ; args
    lea     rsi, [rel two_integers]
    lea     rdx, [rsp + locals.a]       ; where the first one goes
    lea     rcx, [rsp + locals.b]       ; where the second one goes
    xor     eax, eax                    ; variadic: nothing in an xmm register
    call    PyArg_ParseTuple wrt ..plt  ; not 0, or 0 with an exception set
    test    eax, eax
    jz      .fail

    mov     rax, [rsp + locals.a]
    imul    rax, [rsp + locals.b]
    jo      .overflow
; ANCHOR: load
    mov     [rsp + locals.product], rax

    mov     edi, [rsp + locals.product]
    call    PyLong_FromLong wrt ..plt   ; new reference, or NULL
; ANCHOR_END: load
    add     rsp, locals_size
    pop     rbx
    ret

.overflow:
    mov     rax, [rel PyExc_OverflowError wrt ..got]
    mov     rdi, [rax]                  ; the exception's type (borrowed)
    lea     rsi, [rel does_not_fit]
    call    PyErr_SetString wrt ..plt
.fail:
    mov     rax, rbx
    add     rsp, locals_size
    pop     rbx
    ret

; PyObject *PyInit_pymult(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_pymult:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
