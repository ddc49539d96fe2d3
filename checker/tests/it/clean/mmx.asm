; MMX registers, and `emms` after them; the x87 stack, and nothing left on it.
;
; >>> f(40)
; 42.0

%include "workbook.inc"

    default rel

    section .rodata
two:        dq 2

workbook_module example
workbook_function f, double, long

    section .text

f:
    movq    mm0, rdi
    movq    mm1, [rel two]
    paddq   mm0, mm1
    movq    [rsp - 8], mm0
    emms
    fild    qword [rsp - 8]
    fld1
    fmulp   st1, st0
    fstp    qword [rsp - 8]
    movsd   xmm0, [rsp - 8]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
