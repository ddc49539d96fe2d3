; >>> example.stars()
; b'**********'

%include "python.inc"

    default rel

    extern  PyBytes_AsString, PyBytes_FromStringAndSize, PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
stars_name:
    db      "stars", 0

    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name,  dq stars_name
        at PyMethodDef.ml_meth,  dq stars
        at PyMethodDef.ml_flags, dd METH_NOARGS
    iend
    times PyMethodDef_size db 0         ; the sentinel

definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_methods, dq methods
    iend

    section .text

; PyObject *stars(PyObject *module, PyObject *unused)
stars:
    push    rbx                         ; also brings rsp back to 16
    xor     edi, edi                    ; no content yet
    mov     esi, 10                     ; ten bytes
    call    PyBytes_FromStringAndSize wrt ..plt
    mov     rbx, rax                    ; new reference, or NULL
    test    rax, rax
    jz      .done
    mov     rdi, rax
    call    PyBytes_AsString wrt ..plt  ; the address of its first byte
    mov     rcx, "********"
    mov     [rax], rcx
    mov     [rax + 8], rcx
.done:
    mov     rax, rbx
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
