; >>> from tripled import tripled
; >>> tripled(14)
; 42

%include "workbook.inc"

    default rel

workbook_module tripled
workbook_function tripled, ulong, ulong

    section .text

; ANCHOR: function
; unsigned long tripled(unsigned long n)
;
;   in      rdi = n
;   out     rax = 3 * n, or 0 if that does not fit into 64 bits
tripled:
    mov     rax, rdi
    add     rax, rdi
    jc      .too_large
    add     rax, rdi
    jc      .too_large
    ret
.too_large:
    xor     eax, eax
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
