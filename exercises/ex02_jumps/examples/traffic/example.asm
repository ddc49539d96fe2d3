; >>> from traffic import traffic
; >>> chr(traffic(2))
; 'G'

%include "workbook.inc"

    default rel

workbook_module traffic
workbook_function traffic, long, long

; ANCHOR: table
    section .data

lights:
    dq      traffic.red
    dq      traffic.yellow
    dq      traffic.green
; ANCHOR_END: table

    section .text

; ANCHOR: function
; long traffic(long light)
;
;   in      rdi = light
;   out     rax = 'R', 'Y' or 'G' for 0, 1 and 2, and '?' for all others
traffic:
    cmp     rdi, 3
    jae     .broken
    lea     rcx, [rel lights]
    jmp     [rcx + rdi * 8]
.red:
    mov     rax, 'R'
    ret
.yellow:
    mov     rax, 'Y'
    ret
.green:
    mov     rax, 'G'
    ret
.broken:
    mov     rax, '?'
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
