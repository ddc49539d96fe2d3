; Rounding is changed and changed back; status flags may stay.
;
; >>> f(2.7)
; 2

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, double

    section .text

f:
    stmxcsr [rsp - 4]
    mov     eax, [rsp - 4]
    or      eax, 3 << 13
    mov     [rsp - 8], eax
    ldmxcsr [rsp - 8]
    cvtsd2si rax, xmm0
    ldmxcsr [rsp - 4]
    sqrtsd  xmm1, xmm0
    fnstcw  [rsp - 10]
    fninit
    fldcw   [rsp - 10]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
