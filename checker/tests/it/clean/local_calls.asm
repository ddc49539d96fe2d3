; Local functions with a convention of their own: rbx is theirs, and no stack is aligned.
;
; >>> f(20)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, long

    section .text

f:
    push    rbx
    push    r15
    push    r14
    mov     rbx, rdi
    call    twice
    call    more
    call    more
    mov     rax, rbx
    pop     r14
    pop     r15
    pop     rbx
    ret

twice:
    add     rbx, rbx
    ret

more:
    inc     rbx
    jmp     .back
.back:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
