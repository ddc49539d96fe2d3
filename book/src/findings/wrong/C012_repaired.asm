; >>> example.square_plus(5, 7)
; 32

%include "workbook.inc"

    default rel

workbook_module example
workbook_function square_plus, long, long, long

    section .text

; long square_plus(long a, long b)
square_plus:
    push    rsi                         ; b, for later
    mov     rax, rdi
    imul    rax, rdi
; ANCHOR: repair
    pop     rsi                         ; and rsp is as it was
    add     rax, rsi
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
