; >>> example.count(b'hello')
; 5

%include "workbook.inc"

    default rel

    extern  strlen

workbook_module example
workbook_function count, long, buffer

    section .text

; long count(char *text)
count:
    sub     rsp, 8                      ; rsp to a multiple of 16
; ANCHOR: repair
    call    strlen wrt ..plt
; ANCHOR_END: repair
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
