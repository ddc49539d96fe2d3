; >>> example.answer()
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function answer, long

    section .text

; long answer(void)
answer:
; ANCHOR: repair
    mov     eax, 42                     ; the result
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
