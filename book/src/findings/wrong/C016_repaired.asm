; >>> example.sum_to(4)
; 10

%include "workbook.inc"

    default rel

workbook_module example
workbook_function sum_to, long, long

    section .text

; long sum_to(long n)
sum_to:
; ANCHOR: repair
    xor     eax, eax                    ; begin at once
.next:
    add     rax, rdi
    dec     rdi
    jnz     .next
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
