; >>> example.count(b'hello')
; 5

%include "workbook.inc"

    default rel

    extern  strlength

workbook_module example
workbook_function count, long, buffer

    section .text

; long count(char *text)
count:
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    strlength wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
