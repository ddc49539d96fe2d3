; >>> example.check(0)
; False

%include "workbook.inc"

    default rel

workbook_module example
workbook_function check, bool, long

    section .text

; bool check(long n): whether n is positive
check:
; ANCHOR: repair
    test    rdi, rdi
    setg    al                          ; Python decides what to do
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
