; >>> from copies import copies
; >>> copies()
; 1991

%include "workbook.inc"

    default rel

workbook_module copies
workbook_function copies, long          ; long copies(void)

    section .text

; long copies(void)
;
;   out     rax = 1991, by way of rcx
; ANCHOR: function
copies:
    mov     rax, 1
    mov     rcx, 1991
    mov     rax, rcx                    ; the 1 is gone, rcx keeps its 1991
    mov     rcx, 5
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
