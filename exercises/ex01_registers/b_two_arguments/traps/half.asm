; must say: V009
; Adds the low 32 bits only.

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
    mov     eax, edi
    add     eax, esi
    ret

; long sub(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a - b
sub:
    mov     eax, edi
    sub     eax, esi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
