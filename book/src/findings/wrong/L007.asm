; >>> example.name_of(1)
; b'one'

%include "workbook.inc"

    default rel

workbook_module example
workbook_function name_of, string, long

    section .rodata
zero:
    db      "zero", 0
one:
    db      "one", 0

    section .data
names:
    dd      zero, one

    section .text

; char *name_of(long n)
name_of:
    lea     rdx, [rel names]
    mov     eax, [rdx + rdi * 4]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
