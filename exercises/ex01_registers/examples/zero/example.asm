; >>> from zero import zero
; >>> zero()
; 0

%include "workbook.inc"

    default rel

workbook_module zero
workbook_function zero, long

    section .text

; long zero(void)
; ANCHOR: function
zero:
    xor     eax, eax
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
