; >>> from factorial import factorial
; >>> factorial(5)
; 120

%include "workbook.inc"

    default rel

workbook_module factorial
workbook_function factorial, long, long

    section .text

; ANCHOR: function
; long factorial(long n)
;
;   in      rdi = n
;   out     rax = 1 * 2 * ... * n
;   uses    rcx = the next factor
factorial:
    mov     rax, 1
    mov     rcx, 2
.next:
    cmp     rcx, rdi
    jg      .done
    imul    rax, rcx
    inc     rcx
    jmp     .next
.done:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
