; must say: C012
; The way out for 0 and 1 skips the pop, so ret takes rbx for an address.

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
; ANCHOR: entry
fib:
    push    rbx                         ; also brings rsp to a multiple of 16
    mov     rax, rdi
    cmp     rdi, 2
    jl      .done                       ; 0 and 1 are their own answers
; ANCHOR_END: entry

    mov     rbx, rdi
    lea     rdi, [rbx - 1]
    call    fib

    lea     rdi, [rbx - 2]
    mov     rbx, rax                    ; n is no longer needed
    call    fib
; ANCHOR: end
    add     rax, rbx
    pop     rbx
.done:
    ret                                 ; <-- here
; ANCHOR_END: end

    section .note.GNU-stack noalloc noexec nowrite progbits
