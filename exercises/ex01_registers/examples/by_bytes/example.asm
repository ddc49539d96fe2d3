; >>> from by_bytes import birthday
; >>> birthday()
; 1991

%include "workbook.inc"

    default rel

workbook_module by_bytes
workbook_function birthday, long        ; long birthday(void)

    section .text

; long birthday(void)
;
;   out     rax = the year in which Python appeared
; ANCHOR: function
birthday:
    db      0xb8, 0xc7, 0x07, 0x00, 0x00
    db      0xc3
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
