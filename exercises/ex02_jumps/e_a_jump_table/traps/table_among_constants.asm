; must say: L011 `.rodata` is read-only
; The table of addresses is in the section that not even the loader can write.

%include "workbook.inc"

    default rel

workbook_module calculator
workbook_function calculate, long, long, long, long

    section .rodata
operations:                             ; <-- here
    dq      calculate.sum
    dq      calculate.difference
    dq      calculate.product
    dq      calculate.larger

    section .text

; long calculate(long operation, long a, long b)
;
;   in      rdi = operation    rsi = a    rdx = b
;   out     rax = a + b, a - b, a * b or the larger one for the operations
;           0 to 3, and 0 for every other one
;   uses    rcx = the address of the table
calculate:
    cmp     rdi, 4
    jae     .unknown                    ; negative ones too
    lea     rcx, [rel operations]
    jmp     [rcx + rdi * 8]
.sum:
    lea     rax, [rsi + rdx]
    ret
.difference:
    mov     rax, rsi
    sub     rax, rdx
    ret
.product:
    mov     rax, rsi
    imul    rax, rdx
    ret
.larger:
    mov     rax, rsi
    cmp     rsi, rdx
    jge     .chosen
    mov     rax, rdx
.chosen:
    ret
.unknown:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
