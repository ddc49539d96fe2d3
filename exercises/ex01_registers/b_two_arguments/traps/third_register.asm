; must say: V001
; The second argument is not in rdx.

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
    mov     rax, rdi
    add     rax, rdx
    ret

; long sub(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a - b
sub:
    mov     rax, rdi
    sub     rax, rdx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
