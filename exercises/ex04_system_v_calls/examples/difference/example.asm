; >>> from difference import difference
; >>> difference(7, 5)
; 2

%include "workbook.inc"

    default rel

workbook_module difference
workbook_function difference, int, long, long

    section .text

; ANCHOR: function
; int difference(long a, long b)            wrong: see the page
difference:
    mov     rax, rdi
    sub     rax, rsi
    ret                                 ; of rax, only eax is the result
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
