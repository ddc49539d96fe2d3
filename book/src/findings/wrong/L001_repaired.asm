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
    sub     rsp, 8                      ; rsp to a multiple of 16
; ANCHOR: repair
    call    labs wrt ..plt              ; long labs(long)
; ANCHOR_END: repair
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
