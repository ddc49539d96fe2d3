; >>> from notations import decimal, hexadecimal, binary, suffix
; >>> decimal(), hexadecimal(), binary(), suffix()
; (66, 66, 66, 66)

%include "workbook.inc"

    default rel

workbook_module notations
workbook_function decimal, long         ; long decimal(void)
workbook_function hexadecimal, long     ; long hexadecimal(void)
workbook_function binary, long          ; long binary(void)
workbook_function suffix, long          ; long suffix(void)

    section .text

; ANCHOR: functions
decimal:
    mov     rax, 66
    ret

hexadecimal:
    mov     rax, 0x42
    ret

binary:
    mov     rax, 0b1000010
    ret

suffix:
    mov     rax, 42h                    ; h for hexadecimal: this is 0x42
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
