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
; ANCHOR: repair
    dq      zero, one                   ; an address has 8 bytes
; ANCHOR_END: repair

    section .text

; char *name_of(long n)
name_of:
    lea     rdx, [rel names]
; ANCHOR: load
    mov     rax, [rdx + rdi * 8]
; ANCHOR_END: load
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
