; >>> example.greeting()
; b'hello'

%include "workbook.inc"

    default rel

workbook_module example
workbook_function greeting, string

    section .rodata
hello:
    db      "hello", 0

    section .text

; char *greeting(void)
greeting:
; ANCHOR: repair
    lea     rax, [rel hello]
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
