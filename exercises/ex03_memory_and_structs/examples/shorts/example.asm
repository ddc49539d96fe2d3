; >>> from array import array
; >>> from shorts import with_sign, without_sign
; >>> row = array("h", [300, -2])
; >>> with_sign(row, 1), without_sign(row, 1)
; (-2, 65534)

%include "workbook.inc"

    default rel

workbook_module shorts
workbook_function with_sign, long, buffer, long
workbook_function without_sign, long, buffer, long

    section .text

; ANCHOR: functions
; long with_sign(const short *values, long index)
with_sign:
    movsx   rax, word [rdi + rsi * 2]   ; copies of the sign fill rax
    ret

; long without_sign(const unsigned short *values, long index)
without_sign:
    movzx   eax, word [rdi + rsi * 2]   ; zeros fill rax
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
