; >>> import example

%include "python.inc"

    default rel

    extern  PyModule_Create2
    global  PyInit_example

    section .rodata
example_name:
    db      "example", 0

    section .data
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1
        at PyModuleDef.m_name, dq example_name
    iend

    section .text

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    xor     eax, eax                    ; all went well
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
