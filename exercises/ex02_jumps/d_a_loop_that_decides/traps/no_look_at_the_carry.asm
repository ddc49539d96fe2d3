; must say: V001
; Takes what is left of 3 * n + 1 when it does not fit.

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
.next:
    test    rdi, rdi
    jz      .done
    shr     rdi, 1                      ; the lowest bit falls into the carry,
    adc     rax, 0                      ; and is counted
    jmp     .next
.done:
    ret

; long steps(unsigned long n)
;
;   in      rdi = n
;   out     rax = how many steps lead to 1; -1 if 1 is not reached, or the way
;           there needs more than 64 bits
;   uses    rcx = n, while 3 * n + 1 is made
steps:
    xor     eax, eax
.next:
    cmp     rdi, 1
    je      .done
    jb      .not_reached                ; half of 0 is 0 again
    inc     rax
    test    rdi, 1
    jnz     .odd
    shr     rdi, 1
    jmp     .next
.odd:
    mov     rcx, rdi
    add     rdi, rdi
    add     rdi, rcx
    inc     rdi
    jmp     .next
.not_reached:
    mov     rax, -1
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
