; >>> from left_by import left_by
; >>> left_by(1, 3)
; 8

%include "workbook.inc"

    default rel

workbook_module left_by
workbook_function left_by, ulong, ulong, long

    section .text

; ANCHOR: function
; unsigned long left_by(unsigned long n, long count)
left_by:
    mov     rax, rdi
    mov     rcx, rsi
    shl     rax, cl
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
