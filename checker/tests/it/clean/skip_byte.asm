; Two bytes that take in the next instruction as an operand.

; >>> f(0)
; 7
; >>> f(1) in (1, 7)
; True

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
f:  xor     eax, eax
    test    rdi, rdi
    jz      .zero
    inc     eax
    db      0x66, 0x3d                  ; cmp ax, imm16: takes the next two bytes in
.zero:
    mov     al, 7
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
