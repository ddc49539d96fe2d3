; must say: A002 rbx
; Borrows rbx, which belongs to the caller, and never gives it back.

%include "workbook.inc"

    default rel

workbook_module sums
workbook_function add, long, long, long ; long add(long a, long b)
workbook_function sub, long, long, long ; long sub(long a, long b)

    section .text

; long add(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a + b
add:
    mov     rbx, rdi
    add     rbx, rsi
    mov     rax, rbx
    ret

; long sub(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a - b
sub:
    mov     rax, rdi
    sub     rax, rsi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
