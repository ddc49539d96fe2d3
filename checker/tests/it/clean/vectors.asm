; AVX, with `vzeroupper`, unaligned loads and a VEX operand that is not aligned.
;
; >>> f()
; 10.0

%include "workbook.inc"

    default rel

    section .rodata
    align   32
            db 1
pairs:      dq 1.0, 2.0, 3.0, 4.0

workbook_module example
workbook_function f, double

    section .text

f:
    vmovupd ymm0, [rel pairs]
    vextractf128 xmm1, ymm0, 1
    vaddpd  xmm0, xmm0, xmm1
    vaddsd  xmm0, xmm0, [rel pairs + 8]
    vsubsd  xmm0, xmm0, [rel pairs + 8]
    vhaddpd xmm0, xmm0, xmm0
    vzeroupper
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
