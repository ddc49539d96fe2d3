; must say: M009 m_name
; The five quadwords that CPython keeps for itself stand behind the definition
; and not before it. Where CPython looks for the name it finds NULL.

; >>> import empty
; >>> empty.__name__
; 'empty'
; >>> empty.__doc__
; 'A module with nothing in it.'

%include "python.inc"

    default rel

    extern  PyModule_Create2

    global  PyInit_empty

    section .rodata
empty_name:
    db      "empty", 0
empty_doc:
    db      "A module with nothing in it.", 0

    section .data
    align   8
definition:                             ; <-- here
    dq      empty_name                  ; m_name
    dq      empty_doc                   ; m_doc
    dq      0, 0, 0, 0, 0, 0            ; m_size, m_methods, m_slots, ...
    dq      1, 0, 0, 0, 0               ; m_base

    section .text

; PyObject *PyInit_empty(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_empty:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
