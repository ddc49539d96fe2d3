; >>> from glued import square, opposite
; >>> square(12), opposite(5)
; (144, -5)

%include "python.inc"

    default rel

    extern  PyErr_Occurred, PyLong_AsLong, PyLong_FromLong, PyModule_Create2

    global  PyInit_glued

    section .rodata
glued_name:
    db      "glued", 0
square_name:
    db      "square", 0
opposite_name:
    db      "opposite", 0

    section .data
    align   8
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq square_name
        at PyMethodDef.ml_meth,  dq enter_square
        at PyMethodDef.ml_flags, dd METH_O
    iend
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq opposite_name
        at PyMethodDef.ml_meth,  dq enter_opposite
        at PyMethodDef.ml_flags, dd METH_O
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq glued_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; long square(long n)
;
;   in      rdi = n
;   out     rax = n * n
square:
    mov     rax, rdi
    imul    rax, rdi
    ret

; long opposite(long n)
;
;   in      rdi = n
;   out     rax = -n
opposite:
    mov     rax, rdi
    neg     rax
    ret

; What Python calls. Each only says which function is meant.
enter_square:
    lea     rax, [rel square]
    jmp     glue

enter_opposite:
    lea     rax, [rel opposite]
    jmp     glue

; PyObject *glue(PyObject *module, PyObject *argument)
;
;   in      rdi = module (borrowed)   rsi = argument (borrowed)
;           rax = the function to call: long function(long n)
;   out     rax = new reference, or NULL with an exception set
;   keeps   rbx = the function, across PyLong_AsLong
glue:
    push    rbx                         ; and rsp is a multiple of 16
    mov     rbx, rax

    mov     rdi, rsi
    call    PyLong_AsLong wrt ..plt
    cmp     rax, -1                     ; a number, and also the error mark
    jne     .converted
    call    PyErr_Occurred wrt ..plt    ; borrowed, or NULL: it was the number
    test    rax, rax
    jnz     .fail
    mov     rax, -1

.converted:
    mov     rdi, rax
    call    rbx
    mov     rdi, rax
    call    PyLong_FromLong wrt ..plt   ; new reference, or NULL
    pop     rbx
    ret

.fail:
    xor     eax, eax                    ; NULL: look at the exception
    pop     rbx
    ret

; PyObject *PyInit_glued(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_glued:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
