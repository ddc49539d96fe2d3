; A frame pointer, `enter` and `leave`.
;
; >>> f(40)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, long

    section .text

f:
    enter   32, 0
    mov     [rbp - 8], rdi
    mov     rax, [rbp - 8]
    add     rax, 2
    leave
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
