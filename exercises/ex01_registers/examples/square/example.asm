; >>> from square import square_high, square_low
; >>> square_high(2**32), square_low(2**32)
; (1, 0)

%include "workbook.inc"

    default rel

workbook_module square
workbook_function square_low, ulong, ulong
workbook_function square_high, ulong, ulong

    section .text

; ANCHOR: functions
; unsigned long square_low(unsigned long n)
square_low:
    mov     rax, rdi
    mul     rdi                         ; rdx and rax together = rax * rdi
    ret

; unsigned long square_high(unsigned long n)
square_high:
    mov     rax, rdi
    mul     rdi
    mov     rax, rdx
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
