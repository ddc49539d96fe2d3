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
    mov     rax, rdi                    ; right for 0 and 1 only
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
