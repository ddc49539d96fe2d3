; A number kept in two halves that have labels of their own.

; >>> f(2**40 + 5)
; 1099511627781

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
    section .bss
low: resd 1
high: resd 1
bytes: resb 3
    section .text
f:  mov     [low], rdi
    mov     eax, [bytes - 4]
    mov     cl, [bytes + 2]
    shl     rax, 32
    mov     ecx, [low]
    or      rax, rcx
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
