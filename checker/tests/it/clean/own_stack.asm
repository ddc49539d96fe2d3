; A stack of its own for a while.

; >>> f(5)
; 6

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
    section .bss
stack: resb 4096
.top:
    section .text
f:  mov     rax, rsp
    lea     rsp, [stack.top]
    push    rax
    push    rdi
    pop     rcx
    pop     rsp
    lea     rax, [rcx + 1]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
