; >>> example.city
; 'Zürich'

%include "python.inc"

    default rel

    extern  PyModule_AddStringConstant, PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0
city:
    db      "city", 0
zurich:
    db      "Z", 0xfc, "rich", 0

    section .data
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1
        at PyModuleDef.m_name, dq example_name
    iend

    section .text

PyInit_example:
    push    rbx                         ; also brings rsp back to 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference, or NULL
    mov     rbx, rax
    test    rax, rax
    jz      .done
    mov     rdi, rax
    lea     rsi, [rel city]
    lea     rdx, [rel zurich]           ; UTF-8
    call    PyModule_AddStringConstant wrt ..plt
.done:
    mov     rax, rbx
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
