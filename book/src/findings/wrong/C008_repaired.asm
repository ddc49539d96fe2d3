; >>> example.sum_to(4)
; 10

%include "workbook.inc"

    default rel

workbook_module example
workbook_function sum_to, long, long

    section .text

; long sum_to(long n)
sum_to:
    xor     eax, eax
.next:
    add     rax, rdi
; ANCHOR: repair
    dec     rdi
; ANCHOR_END: repair
    test    rdi, rdi
    jnz     .next
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
