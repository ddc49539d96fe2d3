; METH_FASTCALL, with a tail call; the table by `dq` and `dd`.
;
; >>> f(40)
; -40
; >>> f()
; TypeError

%include "python.inc"

    default rel

    extern  PyModule_Create2, PyNumber_Negative, PyErr_Format, PyExc_TypeError
    global  PyInit_example

    section .rodata
example_name: db "example", 0
f_name:     db "f", 0
says:       db "not %zd arguments", 0

    section .data
    align   8
methods:
    dq      f_name, f
    dd      METH_FASTCALL, 0
    dq      0
    times PyMethodDef_size db 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base,    dq 1
        at PyModuleDef.m_name,    dq example_name
        at PyModuleDef.m_size,    dq -1
        at PyModuleDef.m_methods, dq methods
        at PyModuleDef.m_slots,   dq 0
    iend

    section .text

f:
    cmp     rdx, 1
    jne     .wrong
    mov     rdi, [rsi]
    jmp     PyNumber_Negative wrt ..plt
.wrong:
    push    rax
    mov     rdi, [rel PyExc_TypeError wrt ..got]
    mov     rdi, [rdi]
    lea     rsi, [rel says]
    xor     eax, eax
    call    PyErr_Format wrt ..plt      ; and rdx is the number already
    pop     rcx
    ret                                 ; NULL, as PyErr_Format gives it

PyInit_example:
    lea     rdi, [rel definition]
    mov     esi, PYTHON_ABI_VERSION
    jmp     PyModule_Create2 wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
