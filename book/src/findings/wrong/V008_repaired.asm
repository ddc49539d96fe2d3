; >>> example.sum_to(100_000)
; 5000050000

%include "workbook.inc"

    default rel

workbook_module example
workbook_function sum_to, long, long

    section .text

; long sum_to(long n)
sum_to:
; ANCHOR: repair
    xor     eax, eax
.next:
    add     rax, rdi
    dec     rdi
    jnz     .next
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
