; >>> from slices import one_byte, four_bytes
; >>> hex(one_byte())
; '0x88'
; >>> hex(four_bytes())
; '0x55667788'

%include "workbook.inc"

    default rel

workbook_module slices
workbook_function one_byte, uchar       ; unsigned char one_byte(void)
workbook_function four_bytes, uint      ; unsigned int four_bytes(void)
workbook_function eight_bytes, ulong    ; unsigned long eight_bytes(void)
workbook_function next_byte, uchar      ; unsigned char next_byte(void)

; ANCHOR: functions
    section .data
number:     dq 0x1122334455667788

    section .text
one_byte:
    mov     al, [rel number]
    ret

four_bytes:
    mov     eax, [rel number]
    ret

eight_bytes:
    mov     rax, [rel number]
    ret

next_byte:
    mov     al, [rel number + 1]
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
