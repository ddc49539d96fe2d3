; >>> from remainder import remainder
; >>> remainder(17, 5)
; 2

%include "workbook.inc"

    default rel

    extern  ldiv

workbook_module remainder
workbook_function remainder, long, long, long

    section .text

; ANCHOR: function
; typedef struct { long quot; long rem; } ldiv_t;
; ldiv_t ldiv(long number, long by);        of the C library
;
; long remainder(long number, long by)
;
;   in      rdi = number    rsi = by
;   out     rax = what is left over
remainder:
    sub     rsp, 8
    call    ldiv wrt ..plt
    mov     rax, rdx                    ; the second half of the ldiv_t
    add     rsp, 8
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
