; >>> example.first()
; 1

%include "workbook.inc"

    default rel

workbook_module example
workbook_function first, long

; ANCHOR: repair
    section .data
numbers:
    dq      1
; ANCHOR_END: repair

    section .text

; long first(void)
first:
    mov     rax, [rel numbers]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
