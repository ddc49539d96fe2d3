; A frame made by `enter` and ended by `leave`.

; >>> f(5, 9)
; -4

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long, long
    section .text
f:  enter   32, 0
    mov     [rbp - 8], rdi
    mov     [rbp - 16], rsi
    mov     rax, [rbp - 8]
    sub     rax, [rbp - 16]
    leave
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
