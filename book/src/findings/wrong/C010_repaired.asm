; >>> example.tidy()

%include "workbook.inc"

    default rel

workbook_module example
workbook_function tidy, void

    section .text

; void tidy(void)
tidy:
; ANCHOR: repair
    ret                                 ; we opened nothing
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
