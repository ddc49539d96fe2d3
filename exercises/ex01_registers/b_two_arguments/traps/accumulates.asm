; must say: V001
; Adds to whatever rax holds already.

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
    add     rax, rdi
    add     rax, rsi
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
