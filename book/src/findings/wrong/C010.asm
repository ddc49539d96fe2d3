; >>> example.tidy()

%include "workbook.inc"

    default rel

    extern  close

workbook_module example
workbook_function tidy, void

    section .text

; void tidy(void)
tidy:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 3                      ; surely the file from before
    call    close wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
