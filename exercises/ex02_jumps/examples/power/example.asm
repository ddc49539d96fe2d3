; >>> from power import power
; >>> power(2, 10)
; 1024

%include "workbook.inc"

    default rel

workbook_module power
workbook_function power, long, long, long

    section .text

; ANCHOR: function
; long power(long base, long exponent)
;
;   in      rdi = base    rsi = exponent
;   out     rax = base ** exponent, or 1 if the exponent is negative
power:
    mov     rax, 1
.next:
    cmp     rsi, 0
    jle     .done
    imul    rax, rdi
    dec     rsi
    jmp     .next
.done:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
