; >>> from carousel import left
; >>> hex(left(0x0123456789abcdef))
; '0x123456789abcdef0'

%include "workbook.inc"

    default rel

workbook_module carousel
workbook_function left, ulong, ulong
workbook_function right, ulong, ulong

    section .text

; ANCHOR: functions
; unsigned long left(unsigned long n)
left:
    mov     rax, rdi
    rol     rax, 8
    ret

; unsigned long right(unsigned long n)
right:
    mov     rax, rdi
    ror     rax, 8
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
