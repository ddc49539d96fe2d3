; >>> example.count()
; 1

%include "workbook.inc"

    default rel

workbook_module example
workbook_function count, long

; ANCHOR: repair
    section .bss
counter:
    resq    1
; ANCHOR_END: repair

    section .text

; long count(void)
count:
    inc     qword [rel counter]
    mov     rax, [rel counter]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
