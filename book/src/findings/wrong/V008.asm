; >>> example.sum_to(100_000)
; 5000050000

%include "workbook.inc"

    default rel

    extern  write

workbook_module example
workbook_function sum_to, long, long

    section .rodata
dot:
    db      "."

    section .text

; long sum_to(long n)
sum_to:
    push    rbx
    push    r12
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     rbx, rdi
    xor     r12d, r12d
.next:
    add     r12, rbx
    mov     edi, 1                      ; standard output
    lea     rsi, [rel dot]
    mov     edx, 1
    call    write wrt ..plt             ; to see that it is at work
    dec     rbx
    jnz     .next
    mov     rax, r12
    add     rsp, 8
    pop     r12
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
