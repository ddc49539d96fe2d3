; must say: V001
; The function returns without ever writing rax.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
