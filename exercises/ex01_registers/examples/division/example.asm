; >>> from division import quotient, remainder, hours
; >>> quotient(17, 5), remainder(17, 5)
; (3, 2)

%include "workbook.inc"

    default rel

workbook_module division
workbook_function quotient, long, long, long
workbook_function remainder, long, long, long
workbook_function hours, ulong, ulong

    section .text

; ANCHOR: signed
; long quotient(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = a / b, rounded toward 0
quotient:
    mov     rax, rdi
    cqo
    idiv    rsi
    ret

; long remainder(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = what is left of a, with the sign of a
remainder:
    mov     rax, rdi
    cqo
    idiv    rsi
    mov     rax, rdx
    ret
; ANCHOR_END: signed

; ANCHOR: unsigned
; unsigned long hours(unsigned long minutes)
hours:
    mov     rax, rdi
    mov     rdx, 0
    mov     rcx, 60
    div     rcx
    ret
; ANCHOR_END: unsigned

    section .note.GNU-stack noalloc noexec nowrite progbits
