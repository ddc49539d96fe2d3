; >>> from disagree import disagree
; >>> disagree(3, -4), disagree(-3, -4)
; (-1, 0)

%include "workbook.inc"

    default rel

workbook_module disagree
workbook_function disagree, long, long, long

    section .text

; ANCHOR: function
; long disagree(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = -1 if one is negative and the other positive, else 0
disagree:
    mov     rax, rdi
    imul    rsi
    mov     rax, rdx
    cqo
    mov     rax, rdx
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
