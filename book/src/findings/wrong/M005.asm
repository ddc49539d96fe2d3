; >>> import example

%include "python.inc"

    default rel

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
    lea     rax, [rel definition]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
