; must say: V001
; 42h is hexadecimal: 66.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     rax, 42h
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
