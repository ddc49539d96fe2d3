; >>> from odd import where, number
; >>> where() % 8, number()
; (1, 7)

%include "workbook.inc"

    default rel

workbook_module odd
workbook_function where, ulong                  ; long *where(void)
workbook_function number, long                  ; long number(void)

; ANCHOR: all
    section .data
    align   8
one_byte:   db 1
seven:      dq 7                        ; begins one byte after a multiple of 8

    section .text
where:
    lea     rax, [rel seven]
    ret

number:
    mov     rax, [rel seven]
    ret
; ANCHOR_END: all

    section .note.GNU-stack noalloc noexec nowrite progbits
