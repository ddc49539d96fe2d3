; >>> example.quotient(-7, 2)
; -3

%include "workbook.inc"

    default rel

workbook_module example
workbook_function quotient, long, long, long

    section .text

; long quotient(long a, long b)
quotient:
    mov     rax, rdi
; ANCHOR: repair
    cqo                                 ; rdx = the sign of a
; ANCHOR_END: repair
    idiv    rsi                         ; rdx:rax / b
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
