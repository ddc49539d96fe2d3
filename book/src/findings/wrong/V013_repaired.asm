; >>> example.swap(5)
; 0
; >>> example.swap(-2)
; 5
; >>> example.swap(0)
; -2

%include "workbook.inc"

    default rel

workbook_module example
workbook_function swap, long, long      ; long swap(long n)

    section .bss
; ANCHOR: repair
kept:
    resq    1
; ANCHOR_END: repair

    section .text

; long swap(long n)
;
;   in      rdi = n
;   out     rax = the n of the call before, or 0
swap:
    mov     rax, [rel kept]
    mov     [rel kept], rdi
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
