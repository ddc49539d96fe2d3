; >>> from struct import pack
; >>> from by_value import total
; >>> total(int.from_bytes(pack("ii", 3, 9), "little"), 5)
; 17

%include "workbook.inc"

    default rel

workbook_module by_value
workbook_function total, int, long, int

    section .text

; ANCHOR: total
; int total(position p)                     x + y + z
;
;   in      rdi = x in the low half, y in the high half    esi = z
;   out     eax = the sum
total:
    mov     eax, edi
    shr     rdi, 32                     ; now y is in the low half
    add     eax, edi
    add     eax, esi
    ret
; ANCHOR_END: total

    section .note.GNU-stack noalloc noexec nowrite progbits
