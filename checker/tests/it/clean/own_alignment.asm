; The stack is aligned by `and`, around a call of libc's.
;
; >>> f(b'abc')
; 3

%include "workbook.inc"

    default rel

    extern  strlen

workbook_module example
workbook_function f, long, buffer

    section .text

f:
    push    rbp
    mov     rbp, rsp
    push    rbx
    and     rsp, -16
    call    strlen wrt ..plt
    lea     rsp, [rbp - 8]
    pop     rbx
    pop     rbp
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
