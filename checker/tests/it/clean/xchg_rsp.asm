; The stack pointer moves far down and comes back by `xchg`.

; >>> f(5)
; 5

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
f:  mov     rax, rsp
    lea     rsp, [rsp - 4096]
    push    rdi
    xchg    rax, rsp
    mov     rax, [rax]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
