; Flags are saved and given back, with the direction flag set in between.
;
; >>> f(3)
; 3

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, long

    section .text

f:
    pushfq
    std
    popfq
    mov     rax, rdi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
