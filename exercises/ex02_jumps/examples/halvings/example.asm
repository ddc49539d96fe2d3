; >>> from halvings import halvings
; >>> halvings(1000)
; 9

%include "workbook.inc"

    default rel

workbook_module halvings
workbook_function halvings, long, ulong

    section .text

; ANCHOR: function
; long halvings(unsigned long n)
;
;   in      rdi = n, at least 1
;   out     rax = how often n can be halved before it is 1
halvings:
    mov     rax, -1
.halve:
    inc     rax
    shr     rdi, 1
    jnz     .halve
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
