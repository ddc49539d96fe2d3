; must say: A005
; Nothing tells the CPU to go back.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     rax, 42

    section .note.GNU-stack noalloc noexec nowrite progbits
