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
    dq      1, 0, 0, 0                  ; the head
    dq      example_name
    times 7 dq 0                        ; no docstring, no methods, ...

    section .text

PyInit_example:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; new reference
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
