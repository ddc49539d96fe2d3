; >>> from pointed import forty_two
; >>> forty_two()
; 42

%include "workbook.inc"

    default rel

workbook_module pointed
workbook_function forty_two, long

    section .text

; long forty_two(void)
; ANCHOR: function
forty_two:
    lea     rcx, [rel .there]
    jmp     rcx
    mov     rax, 0                      ; never executed
    ret
.there:
    mov     rax, 42
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
