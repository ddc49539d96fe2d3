; must say: V001
; Only the lowest 8 of the 64 bits are written.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     al, 42
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
