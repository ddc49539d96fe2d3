; must say: V001
; The inner fib uses rcx as it likes, so n is lost across the call.

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
fib:
    mov     rax, rdi
    cmp     rdi, 2
    jl      .done                       ; 0 and 1 are their own answers

    sub     rsp, 8                      ; rsp is a multiple of 16
    mov     rcx, rdi
    lea     rdi, [rcx - 1]
    call    fib

    mov     r8, rax
    lea     rdi, [rcx - 2]
    call    fib
    add     rax, r8
    add     rsp, 8
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
