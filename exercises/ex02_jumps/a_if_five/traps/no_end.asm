; must say: S001
; Jumps to a label that is nowhere, like the END of many a sketch.

%include "workbook.inc"

    default rel

workbook_module if_five
workbook_function if_five, long, long   ; long if_five(long a)

    section .text

; long if_five(long a)
;
;   in      rdi = a
;   out     rax = 'Y' if a + 3 is 5, else 'N'
if_five:
    add     rdi, 3
    cmp     rdi, 5
    jne     .no
    mov     rax, 'Y'
    jmp     .end                        ; <-- here
.no:
    mov     rax, 'N'
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
