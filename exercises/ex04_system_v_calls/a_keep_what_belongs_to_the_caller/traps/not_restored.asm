; must say: A002 rbx
; The learner keeps n in rbx and never gives rbx back.

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
;   keeps   rbx = n across the first call, fib(n - 1) across the second
fib:
    mov     rax, rdi
    cmp     rdi, 2
    jl      .done                       ; 0 and 1 are their own answers

; ANCHOR: keep
    sub     rsp, 8                      ; rsp is a multiple of 16 again
    mov     rbx, rdi
    lea     rdi, [rbx - 1]
    call    fib
; ANCHOR_END: keep

    lea     rdi, [rbx - 2]
    mov     rbx, rax                    ; n is no longer needed
    call    fib
    add     rax, rbx
    add     rsp, 8
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
