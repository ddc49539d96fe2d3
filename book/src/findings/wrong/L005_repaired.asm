; >>> example.answer()
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function answer, long

    section .text

; long answer(void)
answer:
    mov     eax, 42
    ret

; ANCHOR: repair
    section .note.GNU-stack noalloc noexec nowrite progbits
; ANCHOR_END: repair
