; must say: C012
; The answer goes by the stack, and nobody takes it from there but `ret`.

%include "workbook.inc"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    push    42
    mov     rax, [rsp]
    ret                                 ; <-- here

    section .note.GNU-stack noalloc noexec nowrite progbits
