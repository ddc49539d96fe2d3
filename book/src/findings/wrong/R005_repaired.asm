; >>> example.add_million(1)
; 1000001

%include "python.inc"

    default rel

    extern  PyLong_FromLong, PyModule_Create2, PyNumber_Add, Py_DecRef
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
add_million_name:
    db      "add_million", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq add_million_name
        at PyMethodDef.ml_meth,  dq add_million
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

; PyObject *add_million(PyObject *module, PyObject *n)
add_million:
    push    rbx                         ; also brings rsp back to 16
    mov     rbx, rsi                    ; n (borrowed)
    mov     edi, 1000000
    call    PyLong_FromLong wrt ..plt   ; new reference, or NULL
    test    rax, rax
    jz      .done
    mov     rdi, rbx
    mov     rsi, rax
    mov     rbx, rax                    ; the million
    call    PyNumber_Add wrt ..plt      ; new reference, or NULL
; ANCHOR: repair
    mov     rdi, rbx
    mov     rbx, rax                    ; the sum, which our caller gets
    call    Py_DecRef wrt ..plt         ; the million
    mov     rax, rbx
; ANCHOR_END: repair
.done:
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
