; must say: V009
; Fills the upper half with zeros, whatever the sign.

%include "workbook.inc"

    default rel

workbook_module widths
workbook_function zero_extend, long, long
workbook_function sign_extend, long, long
workbook_function low_byte, long, long
workbook_function put_byte, long, long, uchar

    section .text

; long zero_extend(long n)
;
;   in      rdi = n
;   out     rax = the low 32 bits of n, and 32 zeros above them
zero_extend:
    mov     eax, edi                    ; a 32-bit write: the zeros come free
    ret

; long sign_extend(long n)
;
;   in      rdi = n
;   out     rax = the low 32 bits of n, and 32 copies of bit 31 above them
sign_extend:
    mov     eax, edi
    ret

; long low_byte(long n)
;
;   in      rdi = n
;   out     rax = the low 8 bits of n, and zeros above them
low_byte:
    movzx   eax, dil
    ret

; long put_byte(long n, unsigned char b)
;
;   in      rdi = n    sil = b, with anything above it
;   out     rax = n, with b where its low byte was
put_byte:
    mov     rax, rdi
    mov     al, sil                     ; an 8-bit write: the rest of n stays
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
