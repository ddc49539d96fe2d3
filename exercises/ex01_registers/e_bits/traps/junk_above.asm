; must say: V001
; r, g and b have 8 bits each, and there is junk above them.

%include "workbook.inc"

    default rel

workbook_module bitwise
workbook_function rgb, long, uchar, uchar, uchar
workbook_function green, long, long
workbook_function has_bit, bool, ulong, long
workbook_function rotate, ulong, ulong, long

    section .text

; long rgb(unsigned char r, unsigned char g, unsigned char b)
;
;   in      dil = r    sil = g    dl = b, each with anything above it
;   out     rax = r in bits 16 to 23, g in bits 8 to 15, b in bits 0 to 7
rgb:
    mov     rax, rdi
    shl     rax, 8
    or      rax, rsi
    shl     rax, 8
    or      rax, rdx
    ret

; long green(long color)
;
;   in      rdi = color
;   out     rax = bits 8 to 15 of it
green:
    mov     rax, rdi
    shr     rax, 8
    and     rax, 0xff
    ret

; bool has_bit(unsigned long n, long i)
;
;   in      rdi = n    rsi = i, from 0 to 63
;   out     al = bit i of n
has_bit:
    mov     rax, rdi
    mov     rcx, rsi                    ; only cl can hold the count
    shr     rax, cl
    and     rax, 1
    ret

; unsigned long rotate(unsigned long n, long k)
;
;   in      rdi = n    rsi = k, from 0 to 63
;   out     rax = n, turned to the left by k bits
rotate:
    mov     rax, rdi
    mov     rcx, rsi
    rol     rax, cl
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
