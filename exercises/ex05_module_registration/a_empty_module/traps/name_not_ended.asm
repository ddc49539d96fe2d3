; must say: V012 empty_name
; The name has no zero byte at its end, so it goes on into the docstring.

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
    db      "empty"
empty_doc:
    db      "A module with nothing in it.", 0

    section .data
    align   8
definition:
    istruc PyModuleDef                  ; what is not named here is 0, or NULL
        at PyModuleDef.m_base, dq 1     ; its head: one reference
        at PyModuleDef.m_name, dq empty_name
        at PyModuleDef.m_doc,  dq empty_doc
        at PyModuleDef.m_size, dq 0     ; it keeps no state
    iend

    section .text

; PyObject *PyInit_empty(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_empty:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt  ; its result is ours
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
