; >>> example.square(12)
; 144

%include "workbook.inc"

    default rel

workbook_module example
workbook_function square, long, long

    section .text

; long square(long n)
square:
; ANCHOR: repair
    push    rbp
    mov     rbp, rsp                    ; from here rbp is ours
    mov     [rbp - 8], rdi              ; n, as a local variable
    mov     rax, [rbp - 8]
    imul    rax, [rbp - 8]
    pop     rbp
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
