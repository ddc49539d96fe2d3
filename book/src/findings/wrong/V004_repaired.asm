; >>> example.twice(2**40)
; 2199023255552

%include "workbook.inc"

    default rel

workbook_module example
; ANCHOR: repair
workbook_function twice, long, long
; ANCHOR_END: repair

    section .text

; long twice(long n)
twice:
    lea     rax, [rdi + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
