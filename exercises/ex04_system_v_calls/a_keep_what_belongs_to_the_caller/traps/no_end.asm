; must say: C006
; Without fib(0) as an end the calls go on below zero until the stack is full.

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
    cmp     rdi, 1
    je      .done                       ; 1 is its own answer

    push    rbx                         ; also brings rsp to a multiple of 16
    mov     rbx, rdi
    lea     rdi, [rbx - 1]
    call    fib                         ; <-- here

    lea     rdi, [rbx - 2]
    mov     rbx, rax                    ; n is no longer needed
    call    fib
    add     rax, rbx
    pop     rbx
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
