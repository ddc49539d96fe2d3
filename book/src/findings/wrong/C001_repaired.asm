; >>> example.plus_one(41)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function plus_one, long, long

    section .text

; long plus_one(long n)
plus_one:
; ANCHOR: repair
    mov     rax, rdi
; ANCHOR_END: repair
    inc     rax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
