; >>> example.sum()
; 10.0

%include "workbook.inc"

    default rel

    section .rodata
    align   16
flag:       db 1
pair:       dq 4.0, 6.0

workbook_module example
workbook_function sum, double

    section .text

; double sum(void)
sum:
    movaps  xmm0, [rel pair]
    haddpd  xmm0, xmm0                  ; the two halves, added
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
