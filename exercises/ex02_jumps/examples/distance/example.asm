; >>> from distance import distance
; >>> distance(-7)
; 7

%include "workbook.inc"

    default rel

workbook_module distance
workbook_function distance, long, long  ; long distance(long n)

    section .text

; ANCHOR: function
; long distance(long n)
;
;   in      rdi = n
;   out     rax = how far n is from 0
distance:
    mov     rax, rdi
    test    rdi, rdi
    jns     .not_negative
    neg     rax
.not_negative:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
