; >>> from array import array
; >>> from pick import pick, after
; >>> row = array("q", [10, 20, 30])
; >>> pick(row, 1), after(row, 1)
; (20, 30)

%include "workbook.inc"

    default rel

workbook_module pick
workbook_function pick, long, buffer, long      ; long pick(long *values, long i)
workbook_function after, long, buffer, long     ; long after(long *values, long i)

    section .text

; ANCHOR: functions
; long pick(const long *values, long index)
;
;   in      rdi = values    rsi = index
;   out     rax = values[index]
pick:
    mov     rax, [rdi + rsi * 8]
    ret

; long after(const long *values, long index)
;
;   in      rdi = values    rsi = index
;   out     rax = values[index + 1]
after:
    mov     rax, [rdi + rsi * 8 + 8]
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
