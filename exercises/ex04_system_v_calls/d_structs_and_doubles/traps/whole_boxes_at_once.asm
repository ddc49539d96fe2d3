; must say: C017
; mulpd wants its 16 bytes at a multiple of 16, and the box lies 8 behind one.

%include "workbook.inc"

    default rel

workbook_module shapes
workbook_function length, double, double, double        ; double length(vector)
workbook_function price, double, double, long           ; double price(item)
workbook_function volume_of, double, double, double, double
workbook_function both, double, double, double, double, double

; typedef struct { double width; double height; double depth; } box;
    struc box
.width:     resq 1
.height:    resq 1
.depth:     resq 1
    endstruc

    section .rodata
no_number:  dq -1                       ; these 64 bits are nan, not a number

    section .text

; double length(vector v)
;
;   in      xmm0 = v.x    xmm1 = v.y
;   out     xmm0 = the square root of x*x + y*y
;   uses    every xmm register, as a function of C may
length:
    movaps  [rsp - 24], xmm0            ; faults if the call was not aligned
    mulsd   xmm0, xmm0
    mulsd   xmm1, xmm1
    addsd   xmm0, xmm1
    sqrtsd  xmm0, xmm0
    movsd   xmm1, [rel no_number]
    movsd   xmm2, [rel no_number]
    movsd   xmm3, [rel no_number]
    movsd   xmm4, [rel no_number]
    movsd   xmm5, [rel no_number]
    movsd   xmm6, [rel no_number]
    movsd   xmm7, [rel no_number]
    movsd   xmm8, [rel no_number]
    movsd   xmm9, [rel no_number]
    movsd   xmm10, [rel no_number]
    movsd   xmm11, [rel no_number]
    movsd   xmm12, [rel no_number]
    movsd   xmm13, [rel no_number]
    movsd   xmm14, [rel no_number]
    movsd   xmm15, [rel no_number]
    ret

; double volume_of(double width, double height, double depth)
;
;   in      xmm0 = width    xmm1 = height    xmm2 = depth
;   out     xmm0 = volume of a box of these
volume_of:
    sub     rsp, 40                     ; the box, and 16 bytes above it
    movsd   [rsp + box.width], xmm0
    movsd   [rsp + box.height], xmm1
    movsd   [rsp + box.depth], xmm2
    call    volume
    add     rsp, 40
    ret

; double price(item i)
;
;   in      xmm0 = i.each    rdi = i.count
;   out     xmm0 = i.each * i.count
price:
    cvtsi2sd xmm1, rdi
    mulsd   xmm0, xmm1
    ret

; double volume(box b)
;
;   in      the stack, above the return address = b
;   out     xmm0 = b.width * b.height * b.depth
volume:
    movsd   xmm0, [rsp + 8 + box.width]
    mulpd   xmm0, [rsp + 16 + box.width]; <-- here
    mulsd   xmm0, [rsp + 8 + box.depth]
    ret

; double both(vector a, vector b)
;
;   in      xmm0 = a.x    xmm1 = a.y    xmm2 = b.x    xmm3 = b.y
;   out     xmm0 = length(a) + length(b)
both:
    sub     rsp, 24                     ; with the return address: 32
    movsd   [rsp], xmm2
    movsd   [rsp + 8], xmm3
    call    length
    movsd   xmm1, [rsp + 8]
    movsd   [rsp + 8], xmm0             ; b.y is not needed there any more
    movsd   xmm0, [rsp]
    call    length
    addsd   xmm0, [rsp + 8]
    add     rsp, 24
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
