; A jump by `push` and `ret`.

; >>> f(4)
; 8

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
f:  lea     rax, [.on]
    push    rax
    ret
.on:
    lea     rax, [rdi + rdi]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
