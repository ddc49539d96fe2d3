; A tail call out of the module, a call through the GOT, one through a register.
;
; >>> f(b'abc')
; 3
; >>> f(b'')
; 0

%include "workbook.inc"

    default rel

    extern  strlen

workbook_module example
workbook_function f, long, buffer

    section .text

f:
    push    rdi
    call    [rel strlen wrt ..got]
    mov     rdi, [rsp]
    mov     rax, [rel strlen wrt ..got]
    call    rax
    pop     rdi
    jmp     strlen wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
