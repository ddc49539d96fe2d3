; >>> example.perfect(1)
; 28

%include "workbook.inc"

    default rel

workbook_module example
workbook_function perfect, long, long

; ANCHOR: repair
    section .rodata
numbers:
    db      6, 28
; ANCHOR_END: repair

    section .text

; long perfect(long n): the perfect numbers below 100
perfect:
    lea     rax, [rel numbers]
    movzx   eax, byte [rax + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
