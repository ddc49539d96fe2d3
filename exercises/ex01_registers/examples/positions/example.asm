; >>> from positions import third, sixth
; >>> third(10, 20, 30)
; 30

%include "workbook.inc"

    default rel

workbook_module positions
workbook_function third, long, long, long, long
workbook_function sixth, long, long, long, long, long, long, long

    section .text

; ANCHOR: functions
; long third(long a, long b, long c)
third:
    mov     rax, rdx
    ret

; long sixth(long a, long b, long c, long d, long e, long f)
sixth:
    mov     rax, r9
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
