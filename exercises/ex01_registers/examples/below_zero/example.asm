; >>> from below_zero import with_a_sign, without_a_sign
; >>> with_a_sign(), without_a_sign()
; (-1, 18446744073709551615)

%include "workbook.inc"

    default rel

workbook_module below_zero
; ANCHOR: declarations
workbook_function with_a_sign, long     ; long with_a_sign(void)
workbook_function without_a_sign, ulong ; unsigned long without_a_sign(void)
; ANCHOR_END: declarations

    section .text

; ANCHOR: functions
; long with_a_sign(void)
;
;   out     rax = one less than 0
with_a_sign:
    mov     rax, 0
    sub     rax, 1
    ret

; unsigned long without_a_sign(void)
;
;   out     rax = one less than 0
without_a_sign:
    mov     rax, 0
    sub     rax, 1
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
