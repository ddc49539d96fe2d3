; >>> example.answer()
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function answer, long

; ANCHOR: repair
    section .data
number:
    dq      42
; ANCHOR_END: repair

    section .text

; long answer(void)
answer:
    mov     rax, [rel number]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
