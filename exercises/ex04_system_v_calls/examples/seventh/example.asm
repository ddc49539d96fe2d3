; >>> from seventh import by_rsp, by_rbp
; >>> by_rsp(1, 2, 3, 4, 5, 6, 7), by_rbp(1, 2, 3, 4, 5, 6, 7)
; (7, 7)

%include "workbook.inc"

    default rel

workbook_module seventh
workbook_function by_rsp, long, long, long, long, long, long, long, long
workbook_function by_rbp, long, long, long, long, long, long, long, long

    section .text

; ANCHOR: functions
by_rsp:
    mov     rax, [rsp + 8]
    ret

by_rbp:
    push    rbp
    mov     rbp, rsp
    mov     rax, [rbp + 16]             ; past the old rbp, and home
    pop     rbp
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
