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
    ; your code: the name and the docstring

    section .data
    align   8
    ; your code: the definition of the module, a PyModuleDef

    section .text

; PyObject *PyInit_empty(void)
;
;   out     rax = new reference to the module, or NULL with an exception set
PyInit_empty:
    xor     eax, eax                    ; your code instead of this line
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
