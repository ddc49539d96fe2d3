; Cases of one length, and a jump to a multiple of it.

; >>> [f(n) for n in range(4)]
; [100, 200, 300, 0]

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
f:  cmp     rdi, 3
    jae     .none
    lea     rax, [.cases]
    lea     rax, [rax + rdi*8]
    jmp     rax
    align   8
.cases:
    mov     eax, 100
    ret
    align   8
    mov     eax, 200
    ret
    align   8
    mov     eax, 300
    ret
.none:
    xor     eax, eax
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
