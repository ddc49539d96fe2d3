; must say: A002 rbx
; The answer is in rbx, which belongs to the caller.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     rbx, 42
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
