; must say: S001
; The destination comes first.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     42, rax                     ; <-- here
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
