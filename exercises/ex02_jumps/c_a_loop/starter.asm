; >>> from loops import sum_to, gcd
; >>> sum_to(100), gcd(12, 18)
; (5050, 6)

%include "workbook.inc"

    default rel

workbook_module loops
workbook_function sum_to, long, long
workbook_function gcd, ulong, ulong, ulong

    section .text

; long sum_to(long n)
;
;   in      rdi = n
;   out     rax = 1 + 2 + ... + n, or 0 if n is not positive
sum_to:
    mov     rax, 0
    ; your instructions
    ret

; unsigned long gcd(unsigned long a, unsigned long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the greatest number that divides both, or 0 if both are 0
gcd:
    mov     rax, rdi
    ; your instructions
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
