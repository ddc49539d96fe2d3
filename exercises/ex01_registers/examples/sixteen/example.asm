; >>> from sixteen import with_zeros, with_sign
; >>> with_zeros(65535), with_sign(65535)
; (65535, -1)

%include "workbook.inc"

    default rel

workbook_module sixteen
workbook_function with_zeros, long, long
workbook_function with_sign, long, long

    section .text

; ANCHOR: functions
; long with_zeros(long n)
;
;   in      rdi = n
;   out     rax = the low 16 bits of n, and zeros above them
with_zeros:
    movzx   eax, di
    ret

; long with_sign(long n)
;
;   in      rdi = n
;   out     rax = the low 16 bits of n, and copies of bit 15 above them
with_sign:
    movsx   rax, di
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
