; Macros, repeated lines, and jumps by distances in bytes.

; >>> f(3, 4)
; 7

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long, long
    section .text
%macro pair 2
    mov     rax, %1
    add     rax, %2
%endmacro
f:  pair    rdi, rsi
    times 3 nop
    jmp     short $+2
    jmp     $+4
    nop
    nop
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
