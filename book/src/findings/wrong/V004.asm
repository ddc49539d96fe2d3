; >>> example.twice(2**40)
; 2199023255552

%include "workbook.inc"

    default rel

workbook_module example
workbook_function twice, long, int

    section .text

; long twice(long n)
twice:
    lea     rax, [rdi + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
