; >>> from scales import weigh, weigh_from
; >>> weigh(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
; 385
; >>> weigh_from(1)
; 385

%include "workbook.inc"

    default rel

workbook_module scales
workbook_function weigh, long, long, long, long, long, long, long, \
    long, long, long, long                      ; ten of them
workbook_function weigh_from, long, long        ; long weigh_from(long first)

    section .text

; long weigh(long a1, …, long a10)
;
;   in      rdi, rsi, rdx, rcx, r8, r9 = a1 to a6
;           the stack, above the return address = a7 to a10
;   out     rax = 1*a1 + 2*a2 + … + 10*a10
weigh:
    movaps  [rsp - 24], xmm0            ; faults if the call was not aligned

    lea     rax, [rdi + 2 * rsi]
    imul    rdx, 3
    add     rax, rdx
    imul    rcx, 4
    add     rax, rcx
    imul    r8, 5
    add     rax, r8
    imul    r9, 6
    add     rax, r9

    ; your code: the seventh argument weighs 7, and so on to the tenth

    ret

; long weigh_from(long first)
;
;   in      rdi = first
;   out     rax = weigh(first, first + 1, …, first + 9)
weigh_from:
    xor     eax, eax                    ; your code instead of this line
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
