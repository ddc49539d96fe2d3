; >>> from above import write_64, write_32, write_16, write_8
; >>> hex(write_8())
; '0xffffffffffffff01'

%include "workbook.inc"

    default rel

workbook_module above
workbook_function write_64, ulong
workbook_function write_32, ulong
workbook_function write_16, ulong
workbook_function write_8, ulong

    section .text

; Each returns rax as it is after 64 ones have been written over in part.
; ANCHOR: functions
write_64:
    mov     rax, -1
    mov     rax, 1
    ret

write_32:
    mov     rax, -1
    mov     eax, 1
    ret

write_16:
    mov     rax, -1
    mov     ax, 1
    ret

write_8:
    mov     rax, -1
    mov     al, 1
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
