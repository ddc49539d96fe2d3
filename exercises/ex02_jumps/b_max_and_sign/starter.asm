; >>> from ordering import larger, larger_unsigned, sign
; >>> larger(-1, 1), larger_unsigned(2**64 - 1, 1), sign(-7)
; (1, 18446744073709551615, -1)

%include "workbook.inc"

    default rel

workbook_module ordering
workbook_function larger, long, long, long
workbook_function larger_unsigned, ulong, ulong, ulong
workbook_function sign, long, long

    section .text

; long larger(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the larger one
larger:
    mov     rax, rdi
    ; your instructions
    ret

; unsigned long larger_unsigned(unsigned long a, unsigned long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the larger one, both without a sign
larger_unsigned:
    mov     rax, rdi
    ; your instructions
    ret

; long sign(long n)
;
;   in      rdi = n
;   out     rax = -1, 0 or 1
sign:
    mov     rax, 0
    ; your instructions
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
