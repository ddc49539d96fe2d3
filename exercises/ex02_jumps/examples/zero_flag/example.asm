; >>> from zero_flag import zero_flag
; >>> zero_flag(5, 5)
; True

%include "workbook.inc"

    default rel

workbook_module zero_flag
workbook_function zero_flag, bool, long, long

    section .text

; bool zero_flag(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     al = the zero flag after a has been compared with b
; ANCHOR: function
zero_flag:
    cmp     rdi, rsi
    setz    al
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
