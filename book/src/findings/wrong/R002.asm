; >>> example.length([3, 1, 2])
; 3

%include "python.inc"

    default rel

    extern  PyLong_FromSsize_t, PyModule_Create2, PyObject_Size, Py_DecRef
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
length_name:
    db      "length", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq length_name
        at PyMethodDef.ml_meth,  dq length
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

; PyObject *length(PyObject *module, PyObject *object)
length:
    push    rbx                         ; also brings rsp back to 16
    mov     rbx, rsi                    ; object
    mov     rdi, rsi
    call    PyObject_Size wrt ..plt     ; -1, with an exception set
    mov     rdi, rbx
    mov     rbx, rax
    call    Py_DecRef wrt ..plt         ; the object is not needed
    cmp     rbx, -1
    je      .fail
    mov     rdi, rbx
    call    PyLong_FromSsize_t wrt ..plt
    pop     rbx
    ret
.fail:
    xor     eax, eax
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
