; >>> from below import below, below_unsigned
; >>> below(-1, 1), below_unsigned(2**64 - 1, 1)
; (True, False)

%include "workbook.inc"

    default rel

workbook_module below
workbook_function below, bool, long, long
workbook_function below_unsigned, bool, ulong, ulong

    section .text

; ANCHOR: signed
; bool below(long a, long b)
below:
    cmp     rdi, rsi
    jl      .is_below
    mov     rax, 0
    ret
.is_below:
    mov     rax, 1
    ret
; ANCHOR_END: signed

; ANCHOR: unsigned
; bool below_unsigned(unsigned long a, unsigned long b)
below_unsigned:
    cmp     rdi, rsi
    jb      .is_below
    mov     rax, 0
    ret
.is_below:
    mov     rax, 1
    ret
; ANCHOR_END: unsigned

    section .note.GNU-stack noalloc noexec nowrite progbits
