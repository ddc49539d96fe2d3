; >>> from shifts import left, right, right_signed
; >>> left(5), right(80), right_signed(-80)
; (80, 5, -5)

%include "workbook.inc"

    default rel

workbook_module shifts
workbook_function left, long, long
workbook_function right, long, long
workbook_function right_signed, long, long

    section .text

; ANCHOR: functions
; long left(long n)
left:
    mov     rax, rdi
    shl     rax, 4
    ret

; long right(long n)
right:
    mov     rax, rdi
    shr     rax, 4
    ret

; long right_signed(long n)
right_signed:
    mov     rax, rdi
    sar     rax, 4
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
