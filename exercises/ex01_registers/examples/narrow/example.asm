; >>> from narrow import as_it_came
; >>> hex(as_it_came(44))
; '0x7ff8bad0bad0ba2c'

%include "workbook.inc"

    default rel

workbook_module narrow
; ANCHOR: glue
workbook_function as_it_came, ulong, char
workbook_function as_long, long, char
; ANCHOR_END: glue

    section .text

; ANCHOR: functions
; unsigned long as_it_came(char n)
as_it_came:
    mov     rax, rdi
    ret

; long as_long(char n)
as_long:
    movsx   rax, dil
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
