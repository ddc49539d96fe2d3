; >>> from weekday import weekday
; >>> weekday(-1)
; 6

%include "workbook.inc"

    default rel

workbook_module weekday
workbook_function weekday, long, long
workbook_function by_the_cpu, long, long

    section .text

; long by_the_cpu(long day)
by_the_cpu:
    mov     rax, rdi
    cqo
    mov     rcx, 7
    idiv    rcx
    mov     rax, rdx
    ret

; ANCHOR: weekday
; long weekday(long day)
;
;   in      rdi = a day, counted from a Monday
;   out     rax = day % 7, as Python has it: 0 for a Monday
;   uses    rcx = 7    r8 = the remainder as the CPU leaves it
weekday:
    mov     rax, rdi
    cqo
    mov     rcx, 7
    idiv    rcx
    mov     r8, rdx
    mov     rax, rdx
    cqo                                 ; rdx = -1 if it is negative, else 0
    imul    rdx, rcx                    ; -7, or 0
    mov     rax, r8
    sub     rax, rdx
    ret
; ANCHOR_END: weekday

    section .note.GNU-stack noalloc noexec nowrite progbits
