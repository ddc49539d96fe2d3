; >>> from unwritten import unwritten
; >>> hex(unwritten())
; '0x7ff8bad0bad0bad0'

%include "workbook.inc"

    default rel

workbook_module unwritten
workbook_function unwritten, long       ; long unwritten(void)

    section .text

; long unwritten(void)
;
;   out     rax = whatever was in it
; ANCHOR: function
unwritten:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
