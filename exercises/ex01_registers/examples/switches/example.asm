; >>> from switches import on, off
; >>> bin(on(0b1000, 0)), bin(off(0b1001, 3))
; ('0b1001', '0b1')

%include "workbook.inc"

    default rel

workbook_module switches
workbook_function on, ulong, ulong, long
workbook_function off, ulong, ulong, long

    section .text

; ANCHOR: functions
; unsigned long on(unsigned long switches, long i)
on:
    mov     rcx, rsi
    mov     rax, 1
    shl     rax, cl                     ; a 1 at bit i
    or      rax, rdi
    ret

; unsigned long off(unsigned long switches, long i)
off:
    mov     rcx, rsi
    mov     rax, 1
    shl     rax, cl
    not     rax                         ; a 0 at bit i, and ones elsewhere
    and     rax, rdi
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
