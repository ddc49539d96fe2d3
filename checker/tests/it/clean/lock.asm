; Instructions with the prefix `lock`.

; >>> f(3)
; 4

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
    section .bss
n: resq 1
    section .text
f:  mov     rax, rdi
    lock xadd [n], rax
    lock inc qword [n]
    mov     rax, [n]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
