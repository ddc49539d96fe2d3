; >>> from digit_sum import digit_sum
; >>> digit_sum(1991)
; 20

%include "workbook.inc"

    default rel

workbook_module digit_sum
workbook_function digit_sum, ulong, ulong

    section .text

; ANCHOR: function
; unsigned long digit_sum(unsigned long n)
;
;   in      rdi = n
;   out     rax = the sum of its decimal digits
;   uses    rcx = the sum so far    rsi = 10
digit_sum:
    mov     rax, rdi
    xor     ecx, ecx
    mov     rsi, 10
.next:
    cmp     rax, 0
    je      .done
    xor     edx, edx
    div     rsi                         ; rax = the rest, rdx = the last digit
    add     rcx, rdx
    jmp     .next
.done:
    mov     rax, rcx
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
