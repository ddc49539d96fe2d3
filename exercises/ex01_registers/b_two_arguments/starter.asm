; >>> from sums import add, sub
; >>> add(40, 2), sub(40, 2)
; (42, 38)

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
    ; your instructions
    ret

; long sub(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a - b
sub:
    ; your instructions
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
