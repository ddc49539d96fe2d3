; must say: C012
; One of the two ways out pushes something and never pops it.

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
    push    'N'
    mov     rax, [rsp]
    ret                                 ; <-- here

    section .note.GNU-stack noalloc noexec nowrite progbits
