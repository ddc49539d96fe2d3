; >>> from counting import popcount, steps
; >>> popcount(0b101101), steps(27)
; (4, 111)

%include "workbook.inc"

    default rel

workbook_module counting
workbook_function popcount, long, ulong
workbook_function steps, long, ulong

    section .text

; long popcount(unsigned long n)
;
;   in      rdi = n
;   out     rax = how many of its 64 bits are 1
popcount:
    xor     eax, eax
    ; your instructions
    ret

; long steps(unsigned long n)
;
;   in      rdi = n
;   out     rax = how many steps lead to 1; -1 if 1 is not reached, or the way
;           there needs more than 64 bits
steps:
    xor     eax, eax
    ; your instructions
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
