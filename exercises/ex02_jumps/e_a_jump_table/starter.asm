; >>> from calculator import calculate
; >>> calculate(0, 40, 2), calculate(1, 40, 2), calculate(9, 40, 2)
; (42, 38, 0)

%include "workbook.inc"

    default rel

workbook_module calculator
workbook_function calculate, long, long, long, long

    section .data

operations:
    dq      calculate.sum
    ; the other three

    section .text

; long calculate(long operation, long a, long b)
;
;   in      rdi = operation    rsi = a    rdx = b
;   out     rax = a + b, a - b, a * b or the larger one for the operations
;           0 to 3, and 0 for every other one
calculate:
    jmp     .unknown                    ; your instructions
.sum:
    lea     rax, [rsi + rdx]
    ret
    ; the other three
.unknown:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
