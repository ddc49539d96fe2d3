; >>> from byte_sum import byte_sum
; >>> byte_sum(200, 100)
; 44

%include "workbook.inc"

    default rel

workbook_module byte_sum
workbook_function byte_sum, uchar, uchar, uchar

    section .text

; ANCHOR: function
; unsigned char byte_sum(unsigned char a, unsigned char b)
;
;   in      dil = a    sil = b, with anything above them
;   out     al = a + b
byte_sum:
    mov     al, dil
    add     al, sil
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
