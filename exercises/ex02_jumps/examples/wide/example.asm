; >>> from wide import add_high
; >>> add_high(2**64 - 1, 1, 6, 2)
; 4

%include "workbook.inc"

    default rel

workbook_module wide
workbook_function add_high, ulong, ulong, ulong, ulong, ulong

    section .text

; ANCHOR: function
; unsigned long add_high(unsigned long a_low, unsigned long a_high,
;                        unsigned long b_low, unsigned long b_high)
;
;   in      rdi, rsi = the two halves of a    rdx, rcx = those of b
;   out     rax = the upper half of a + b
add_high:
    mov     rax, rsi
    add     rdi, rdx
    adc     rax, rcx                    ; and the carry out of the lower halves
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
