; >>> example.count()
; 1

%include "workbook.inc"

    default rel

workbook_module example
workbook_function count, long

    common  counter 8:8                 ; 8 bytes, at a multiple of 8

    section .text

; long count(void)
count:
    inc     qword [rel counter]
    mov     rax, [rel counter]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
