; >>> example.twice(21)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function twice, long, long

    section .text

; long twice(long n)
twice:
    int3                                ; stop here in the debugger
    lea     rax, [rdi + rdi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
