; >>> example.half(5)
; 2.5

%include "workbook.inc"

    default rel

workbook_module example
workbook_function half, double, long

    section .text

; double half(long n)
half:
    push    rdi
    fild    qword [rsp]                 ; st0 = n
    fld1
    fadd    st0, st0                    ; st0 = 2, st1 = n
    fdivr   st0, st1                    ; st0 = n / 2, st1 = n
    fstp    qword [rsp]                 ; takes st0 away, and n stays
    movsd   xmm0, [rsp]
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
