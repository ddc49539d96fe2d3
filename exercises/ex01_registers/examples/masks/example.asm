; >>> from masks import both, either, one, flip
; >>> bin(both(0b1100, 0b1010))
; '0b1000'

%include "workbook.inc"

    default rel

workbook_module masks
workbook_function both, long, long, long
workbook_function either, long, long, long
workbook_function one, long, long, long
workbook_function flip, long, long

    section .text

; ANCHOR: functions
; long both(long a, long b)
both:
    mov     rax, rdi
    and     rax, rsi
    ret

; long either(long a, long b)
either:
    mov     rax, rdi
    or      rax, rsi
    ret

; long one(long a, long b)
one:
    mov     rax, rdi
    xor     rax, rsi
    ret

; long flip(long n)
flip:
    mov     rax, rdi
    not     rax
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
