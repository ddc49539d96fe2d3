; >>> example.last_zero(b'a\0b\0c', 5)
; 3

%include "workbook.inc"

    default rel

workbook_module example
workbook_function last_zero, long, buffer, long

    section .text

; long last_zero(char *bytes, long n): the index of the last zero byte
last_zero:
    mov     rcx, rsi
    lea     rdi, [rdi + rsi - 1]        ; the last byte
    xor     eax, eax
    std                                 ; from there backwards
    repne scasb
; ANCHOR: repair
    cld                                 ; forwards again
    mov     rax, rcx
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
