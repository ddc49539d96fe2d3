; >>> from odd import is_odd, is_odd_by_shift
; >>> is_odd(7), is_odd_by_shift(8)
; (True, False)

%include "workbook.inc"

    default rel

workbook_module odd
workbook_function is_odd, bool, long
workbook_function is_odd_by_shift, bool, long

    section .text

; ANCHOR: mask
; bool is_odd(long n)
is_odd:
    test    rdi, 1
    jnz     .odd
    mov     al, 0
    ret
.odd:
    mov     al, 1
    ret
; ANCHOR_END: mask

; ANCHOR: shift
; bool is_odd_by_shift(long n)
is_odd_by_shift:
    shr     rdi, 1
    setc    al
    ret
; ANCHOR_END: shift

    section .note.GNU-stack noalloc noexec nowrite progbits
