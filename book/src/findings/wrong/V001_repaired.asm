; >>> example.difference(40, 2)
; 38

%include "workbook.inc"

    default rel

workbook_module example
workbook_function difference, long, long, long

    section .text

; long difference(long a, long b)
difference:
; ANCHOR: repair
    mov     rax, rdi                    ; a
    sub     rax, rsi                    ; - b
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
