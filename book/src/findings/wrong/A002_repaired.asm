; >>> example.twice(21)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function twice, long, long

    section .text

; long twice(long n)
twice:
; ANCHOR: repair
    push    rbx
    mov     rbx, rdi
    lea     rax, [rbx + rbx]
    pop     rbx
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
