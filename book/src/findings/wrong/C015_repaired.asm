; >>> example.apply(21)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function apply, long, long

    section .data
operation:
    dq      twice                       ; the address of a function

    section .text

twice:
    lea     rax, [rdi + rdi]
    ret

; long apply(long n)
apply:
    sub     rsp, 8                      ; rsp to a multiple of 16
; ANCHOR: repair
    mov     rax, [rel operation]
; ANCHOR_END: repair
    call    rax
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
