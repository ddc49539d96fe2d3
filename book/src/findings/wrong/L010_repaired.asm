; >>> example.magnitude(-7)
; 7

%include "workbook.inc"

    default rel

workbook_module example
workbook_function magnitude, long, long

    section .text

; long magnitude(long n)
magnitude:
; ANCHOR: repair
    mov     rax, rdi
    neg     rax
    cmovs   rax, rdi                    ; -n is negative: take n
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
