; >>> from roots import sum_of_roots
; >>> sum_of_roots(9.0, 16.0)
; 7.0

%include "workbook.inc"

    default rel

workbook_module roots
workbook_function sum_of_roots, double, double, double

    section .text

; double root(double x)
;
;   in      xmm0 = x
;   out     xmm0 = its square root
root:
    sqrtsd  xmm0, xmm0
    ret

; ANCHOR: function
; double sum_of_roots(double a, double b)
;
;   in      xmm0 = a    xmm1 = b
;   out     xmm0 = root(a) + root(b)
sum_of_roots:
    sub     rsp, 8
    movsd   [rsp], xmm1                 ; b, while the first call is under way
    call    root
    movsd   xmm1, [rsp]
    movsd   [rsp], xmm0                 ; root(a), during the second
    movsd   xmm0, xmm1
    call    root
    addsd   xmm0, [rsp]
    add     rsp, 8
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
