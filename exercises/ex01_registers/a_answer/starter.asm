; >>> from answer import answer
; >>> answer()
; 42

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    ; your instruction
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
