; must say: V001
; The addition comes after the comparison and sets the flags anew.

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
    cmp     rdi, 5
    add     rdi, 3
    jne     .no
    mov     rax, 'Y'
    ret
.no:
    mov     rax, 'N'
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
