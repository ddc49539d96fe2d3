; must say: V001
; Compares the low 32 bits only.

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
    cmp     edi, esi
    jge     .chosen
    mov     rax, rsi
.chosen:
    ret

; unsigned long larger_unsigned(unsigned long a, unsigned long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the larger one, both without a sign
larger_unsigned:
    mov     rax, rdi
    cmp     rdi, rsi
    jae     .chosen
    mov     rax, rsi
.chosen:
    ret

; long sign(long n)
;
;   in      rdi = n
;   out     rax = -1, 0 or 1
sign:
    mov     rax, 0
    cmp     rdi, 0
    je      .known
    mov     rax, 1
    jg      .known                      ; mov has left the flags alone
    mov     rax, -1
.known:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
