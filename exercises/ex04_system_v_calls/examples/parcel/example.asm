; >>> from parcel import cost
; >>> cost(3, 2.5)
; 12.5

%include "workbook.inc"

    default rel

workbook_module parcel
workbook_function cost, double, long, double
workbook_function eggs, long, long, long, long

    section .text

; ANCHOR: cost
; typedef struct { long weight; double rate; } parcel;
; double cost(parcel p)                     p.weight * p.rate + 5
;
;   in      rdi = p.weight    xmm0 = p.rate
cost:
    cvtsi2sd xmm1, rdi
    mulsd   xmm0, xmm1
    addsd   xmm0, [rel handling]
    ret
; ANCHOR_END: cost

    section .rodata
handling:   dq 5.0

    section .text

; ANCHOR: order
; typedef struct { long gross; long dozens; long eggs; } order;
; long eggs_of(order o)                     o is on the stack
;
;   out     rax = 144 * o.gross + 12 * o.dozens + o.eggs
eggs_of:
    imul    rax, [rsp + 8], 144
    imul    rcx, [rsp + 16], 12
    add     rax, rcx
    add     rax, [rsp + 24]
    ret

; long eggs(long gross, long dozens, long eggs)
eggs:
    push    rdx                         ; o.eggs, at the highest address
    push    rsi
    push    rdi                         ; three pushes: a multiple of 16
    call    eggs_of
    add     rsp, 24
    ret
; ANCHOR_END: order

    section .note.GNU-stack noalloc noexec nowrite progbits
