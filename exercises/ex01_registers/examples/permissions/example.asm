; >>> from permissions import others
; >>> oct(others(0o754))
; '0o4'

%include "workbook.inc"

    default rel

workbook_module permissions
workbook_function others, long, long
workbook_function owner, long, long
workbook_function make, long, uchar, uchar

    section .text

; ANCHOR: take
; long others(long mode): bits 0 to 2
others:
    mov     rax, rdi
    and     rax, 0b111
    ret

; long owner(long mode): bits 6 to 8
owner:
    mov     rax, rdi
    shr     rax, 6
    and     rax, 0b111
    ret
; ANCHOR_END: take

; ANCHOR: put
; long make(unsigned char owner, unsigned char others)
;
;   in      dil = owner    sil = others, each with anything above it
;   out     rax = owner in bits 6 to 8, others in bits 0 to 2
make:
    movzx   eax, dil
    shl     eax, 6
    movzx   ecx, sil
    or      eax, ecx
    ret
; ANCHOR_END: put

    section .note.GNU-stack noalloc noexec nowrite progbits
