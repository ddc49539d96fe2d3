; >>> from array import array
; >>> from rectangle import area
; >>> area(array("i", [85, 54]))
; 4590

%include "workbook.inc"

    default rel

workbook_module rectangle
workbook_function card, bytes(8)        ; rectangle *card(void)
workbook_function card_height, int      ; int card_height(void)
workbook_function area, int, buffer     ; int area(rectangle *r)
workbook_function turn, void, buffer    ; void turn(rectangle *r)

; typedef struct { int width; int height; } rectangle;
    struc rectangle
.width:     resd 1
.height:    resd 1
    endstruc

; ANCHOR: card
    section .data
    align   4
bank_card:                              ; in millimeters
    istruc rectangle
        at rectangle.width,  dd 85
        at rectangle.height, dd 54
    iend
; ANCHOR_END: card

    section .text

; ANCHOR: label
; rectangle *card(void)
card:
    lea     rax, [rel bank_card]
    ret

; int card_height(void)
card_height:
    mov     eax, [rel bank_card + rectangle.height]
    ret
; ANCHOR_END: label

; ANCHOR: pointer
; int area(rectangle *r)
;
;   in      rdi = r
;   out     eax = width times height
area:
    mov     eax, [rdi + rectangle.width]
    imul    eax, [rdi + rectangle.height]
    ret

; void turn(rectangle *r)                   width and height change places
;
;   in      rdi = r
turn:
    mov     eax, [rdi + rectangle.width]
    mov     ecx, [rdi + rectangle.height]
    mov     [rdi + rectangle.width], ecx
    mov     [rdi + rectangle.height], eax
    ret
; ANCHOR_END: pointer

    section .note.GNU-stack noalloc noexec nowrite progbits
