; must say: V001
; imul takes the factors as numbers with a sign.

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
    imul    rsi
    mov     rax, rdx
    ret

; long floordiv(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = a // b, rounded down
;   uses    rcx = the quotient as the CPU rounds it, toward 0
floordiv:
    mov     rax, rdi
    cqo
    idiv    rsi
    mov     rcx, rax
    mov     rax, rdx
    imul    rsi                         ; negative if remainder and b disagree
    mov     rax, rdx
    cqo                                 ; rdx = -1 if so, else 0
    mov     rax, rcx
    add     rax, rdx
    ret

; long mod(long a, long b)
;
;   in      rdi = a    rsi = b, not 0
;   out     rax = a % b, with the sign of b
;   uses    rcx = the remainder as the CPU leaves it, with the sign of a
mod:
    mov     rax, rdi
    cqo
    idiv    rsi
    mov     rcx, rdx
    mov     rax, rdx
    imul    rsi
    mov     rax, rdx
    cqo
    mov     rax, rcx
    imul    rdx, rsi                    ; -b if they disagree, else 0
    sub     rax, rdx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
