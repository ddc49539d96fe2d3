; >>> from if_five import if_five
; >>> chr(if_five(2)), chr(if_five(5))
; ('Y', 'N')

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
    ret
.no:
    mov     rax, 'N'
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
