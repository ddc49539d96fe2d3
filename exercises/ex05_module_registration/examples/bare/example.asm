; >>> import bare
; >>> bare.__name__
; 'bare'

%include "python.inc"

    default rel

; ANCHOR: names
    extern  PyModule_Create2            ; somebody else's, used here
    global  PyInit_bare                 ; ours, for others to find
; ANCHOR_END: names

; ANCHOR: definition
    section .rodata
bare_name:
    db      "bare", 0

    section .data
    align   8
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1     ; its head: one reference
        at PyModuleDef.m_name, dq bare_name
    iend
; ANCHOR_END: definition

; ANCHOR: init
    section .text

; PyObject *PyInit_bare(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_bare:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret
; ANCHOR_END: init

; ANCHOR: note
    section .note.GNU-stack noalloc noexec nowrite progbits
; ANCHOR_END: note
