; >>> from hundred import missing
; >>> missing(58)
; 42

%include "workbook.inc"

    default rel

workbook_module hundred
workbook_function missing, long, long   ; long missing(long n)

    section .text

; ANCHOR: function
; long missing(long n)
;
;   in      rdi = n
;   out     rax = 100 - n
missing:
    mov     rax, 100
    sub     rax, rdi
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
