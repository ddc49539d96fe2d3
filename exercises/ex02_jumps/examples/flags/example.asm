; >>> from flags import zero, sign, carry, overflow
; >>> zero(5, 5), sign(5, 5), carry(5, 5), overflow(5, 5)
; (True, False, False, False)

%include "workbook.inc"

    default rel

workbook_module flags
workbook_function zero, bool, long, long
workbook_function sign, bool, long, long
workbook_function carry, bool, long, long
workbook_function overflow, bool, long, long

    section .text

; Each returns one flag as it is after a has been compared with b.
; ANCHOR: functions
zero:
    cmp     rdi, rsi
    setz    al
    ret

sign:
    cmp     rdi, rsi
    sets    al
    ret

carry:
    cmp     rdi, rsi
    setc    al
    ret

overflow:
    cmp     rdi, rsi
    seto    al
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
