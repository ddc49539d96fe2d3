; The return address is popped and jumped to, and a `ret` serves as a jump.
;
; >>> f(42)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, long

    section .text

f:
    lea     rax, [rel .there]
    push    rax
    ret
.there:
    mov     rax, rdi
    pop     rcx
    jmp     rcx

    section .note.GNU-stack noalloc noexec nowrite progbits
