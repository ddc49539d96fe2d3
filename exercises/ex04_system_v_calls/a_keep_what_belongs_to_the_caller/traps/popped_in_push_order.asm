; must say: A002 rbx
; The pops come in the order of the pushes, so rbx and r12 change places.

; >>> from fibonacci import fib
; >>> fib(10)
; 55

%include "workbook.inc"

    default rel

workbook_module fibonacci
workbook_function fib, long, long       ; long fib(long n)

    section .text

; long fib(long n)
;
;   in      rdi = n, not negative
;   out     rax = the n-th Fibonacci number
;   keeps   rbx = n    r12 = the sum so far
fib:
    mov     rax, rdi
    cmp     rdi, 2
    jl      .done                       ; 0 and 1 are their own answers

    push    rbx
    push    r12
    sub     rsp, 8                      ; rsp is a multiple of 16 again
    mov     rbx, rdi
    xor     r12d, r12d
    lea     rdi, [rbx - 1]
    call    fib

    add     r12, rax
    lea     rdi, [rbx - 2]
    call    fib
    add     rax, r12
    add     rsp, 8
    pop     rbx
    pop     r12
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
