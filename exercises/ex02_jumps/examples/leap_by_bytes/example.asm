; >>> from leap_by_bytes import leap
; >>> leap()
; 1

%include "workbook.inc"

    default rel

workbook_module leap_by_bytes
workbook_function leap, long            ; long leap(void)

    section .text

; long leap(void)
;
;   out     rax = 1
; ANCHOR: function
leap:
    mov     rax, 1
    db      0xeb, 5                     ; a jump, and how far
    mov     rax, 2                      ; five bytes: b8 02 00 00 00
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
