; >>> example.magnitude(-7)
; 7

%include "workbook.inc"

    default rel

    extern  labs

workbook_module example
workbook_function magnitude, long, long

    section .text

; long magnitude(long n)
magnitude:
; ANCHOR: repair
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    labs wrt ..plt
    add     rsp, 8
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
