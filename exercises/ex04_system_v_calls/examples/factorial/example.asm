; >>> from factorial import factorial
; >>> factorial(5)
; 120

%include "workbook.inc"

    default rel

workbook_module factorial
workbook_function factorial, long, long         ; long factorial(long n)

    section .text

; ANCHOR: factorial
; long factorial(long n)
;
;   in      rdi = n, not negative
;   out     rax = 1 * 2 * … * n
;   keeps   rbx = n across the call
factorial:
    mov     eax, 1
    cmp     rdi, 1
    jle     .done                       ; 0 and 1 need no further call

    push    rbx                         ; the n of whoever called us
    mov     rbx, rdi
    lea     rdi, [rbx - 1]
    call    factorial
    imul    rax, rbx
    pop     rbx
.done:
    ret
; ANCHOR_END: factorial

    section .note.GNU-stack noalloc noexec nowrite progbits
