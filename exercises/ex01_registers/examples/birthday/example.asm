; >>> from birthday import birthday
; >>> birthday()
; 1991

; ANCHOR: glue
%include "workbook.inc"

    default rel

workbook_module birthday
workbook_function birthday, long        ; long birthday(void)
; ANCHOR_END: glue

    section .text

; long birthday(void)
;
;   out     rax = the year in which Python appeared
; ANCHOR: function
birthday:
    mov     rax, 1991
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
