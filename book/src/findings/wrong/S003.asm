; >>> example.cell(12345678)
; 0

%include "workbook.inc"

    default rel

workbook_module example
workbook_function cell, long, long

    section .data
board:
    times 17000000 db 0

    section .text

; long cell(long n)
cell:
    lea     rax, [rel board]
    movzx   eax, byte [rax + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
