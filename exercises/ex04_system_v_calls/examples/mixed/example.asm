; >>> from mixed import share
; >>> share(10, 0.5, 4, 1.5)
; 2.75

%include "workbook.inc"

    default rel

workbook_module mixed
workbook_function share, double, long, double, long, double

    section .text

; ANCHOR: function
; double share(long total, double weight, long people, double bonus)
;
;   in      rdi = total    xmm0 = weight    rsi = people    xmm1 = bonus
;   out     xmm0 = total * weight / people + bonus
share:
    cvtsi2sd xmm2, rdi
    mulsd   xmm0, xmm2
    cvtsi2sd xmm2, rsi
    divsd   xmm0, xmm2
    addsd   xmm0, xmm1
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
