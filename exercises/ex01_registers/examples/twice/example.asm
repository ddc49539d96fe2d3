; >>> from twice import twice
; >>> twice(21)
; 42

%include "workbook.inc"

    default rel

; ANCHOR: glue
workbook_module twice
workbook_function twice, long, long     ; long twice(long n)
; ANCHOR_END: glue

    section .text

; ANCHOR: function
; long twice(long n)
;
;   in      rdi = n
;   out     rax = n + n
twice:
    mov     rax, rdi
    add     rax, rdi
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
