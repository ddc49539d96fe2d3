; must say: V001
; Leaves before the last number, as range(n) would.

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
    xor     eax, eax                    ; the sum so far
.next:
    cmp     rdi, 1
    jle     .done
    add     rax, rdi
    dec     rdi
    jmp     .next
.done:
    ret

; unsigned long gcd(unsigned long a, unsigned long b)
;
;   in      rdi = a    rsi = b
;   out     rax = the greatest number that divides both, or 0 if both are 0
gcd:
    mov     rax, rdi
.next:
    cmp     rsi, 0
    je      .done                       ; gcd(a, 0) is a
    xor     edx, edx
    div     rsi
    mov     rax, rsi                    ; the next a is b,
    mov     rsi, rdx                    ; and the next b is a % b
    jmp     .next
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
