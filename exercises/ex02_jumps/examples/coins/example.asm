; >>> from coins import entry
; >>> entry(2)
; 1000

%include "workbook.inc"

    default rel

workbook_module coins
workbook_function entry, long, long

; ANCHOR: table
    section .data

coins:
    dq      1
    dq      10
    dq      1000
; ANCHOR_END: table

    section .text

; long entry(long i)
;
;   in      rdi = i, from 0 to 2
;   out     rax = entry i of the table
; ANCHOR: function
entry:
    lea     rcx, [rel coins]
    mov     rax, [rcx + rdi * 8]
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
