; >>> example.sum_to(4)
; 10

%include "workbook.inc"

    default rel

workbook_module example
workbook_function sum_to, long, long

    section .text

; long sum_to(long n): n + sum_to(n - 1)
sum_to:
    push    rdi
    dec     rdi
    call    sum_to
    pop     rdi
    add     rax, rdi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
