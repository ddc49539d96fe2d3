; >>> example.negate(-1)
; 1

%include "python.inc"

    default rel

    extern  PyLong_AsLong, PyLong_FromLong, PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
negate_name:
    db      "negate", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq negate_name
        at PyMethodDef.ml_meth,  dq negate
        at PyMethodDef.ml_flags, dd METH_O
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *negate(PyObject *module, PyObject *n)
negate:
    push    rbx                         ; also brings rsp back to 16
    mov     rdi, rsi
    call    PyLong_AsLong wrt ..plt     ; -1 may be an error, or a value
    mov     rbx, rax
    cmp     rax, -1
    je      .fail
    neg     rbx
    mov     rdi, rbx
    call    PyLong_FromLong wrt ..plt   ; new reference, or NULL
    pop     rbx
    ret
.fail:
    xor     eax, eax                    ; NULL: see the exception
    pop     rbx
    ret

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
