; must say: V001
; The sum stays in rdi; Python looks into rax.

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
    add     rdi, rsi
    ret

; long sub(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a - b
sub:
    sub     rdi, rsi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
