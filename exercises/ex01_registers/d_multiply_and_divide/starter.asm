; >>> from arithmetic import high, floordiv, mod
; >>> high(2**63, 6), floordiv(-7, 2), mod(-7, 2)
; (3, -4, 1)

%include "workbook.inc"

    default rel

workbook_module arithmetic
workbook_function high, ulong, ulong, ulong
workbook_function floordiv, long, long, long
workbook_function mod, long, long, long

    section .text

; unsigned long high(unsigned long a, unsigned long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the upper 64 of the 128 bits of a * b
high:
    mov     rax, rdi
    ; your instructions
    ret

; long floordiv(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = a // b, rounded down
floordiv:
    mov     rax, rdi
    ; your instructions
    ret

; long mod(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = a % b, with the sign of b
mod:
    mov     rax, rdi
    ; your instructions
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
