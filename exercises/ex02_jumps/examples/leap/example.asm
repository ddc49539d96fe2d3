; >>> from leap import leap
; >>> leap()
; 1

%include "workbook.inc"

    default rel

workbook_module leap
workbook_function leap, long            ; long leap(void)

    section .text

; long leap(void)
;
;   out     rax = 1
; ANCHOR: function
leap:
    mov     rax, 1
    jmp     .over
    mov     rax, 2                      ; never executed
.over:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
