; >>> example.cell(12345678)
; 0

%include "workbook.inc"

    default rel

workbook_module example
workbook_function cell, long, long

; ANCHOR: repair
    section .bss
board:
    resb    17000000                    ; no byte of it is in the file
; ANCHOR_END: repair

    section .text

; long cell(long n)
cell:
    lea     rax, [rel board]
    movzx   eax, byte [rax + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
