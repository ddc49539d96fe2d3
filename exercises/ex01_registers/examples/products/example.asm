; >>> from products import area, weeks
; >>> area(6, 7), weeks(6)
; (42, 42)

%include "workbook.inc"

    default rel

workbook_module products
workbook_function area, long, long, long
workbook_function weeks, long, long

    section .text

; ANCHOR: functions
; long area(long width, long height)
area:
    mov     rax, rdi
    imul    rax, rsi
    ret

; long weeks(long n)
weeks:
    imul    rax, rdi, 7                 ; the number of days in n weeks
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
