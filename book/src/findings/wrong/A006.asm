; >>> example.round_down(-2.5)
; -3

%include "workbook.inc"

    default rel

workbook_module example
workbook_function round_down, long, double

DOWN        equ 1 << 13                 ; bits 13 and 14: how to round

    section .text

; long round_down(double x)
round_down:
    stmxcsr [rsp - 4]                   ; in the red zone
    mov     eax, [rsp - 4]
    or      eax, DOWN
    mov     [rsp - 8], eax
    ldmxcsr [rsp - 8]
    cvtsd2si rax, xmm0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
