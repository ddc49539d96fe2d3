; >>> from array import array
; >>> from swap import swap
; >>> row = array("q", [1, 2, 3])
; >>> swap(row)
; >>> row
; array('q', [2, 1, 3])

%include "workbook.inc"

    default rel

workbook_module swap
workbook_function swap, void, buffer
workbook_function swap_in_one_register, void, buffer

    section .text

; ANCHOR: functions
; void swap(long *values)               the first two change places
;
;   in      rdi = values, at least two
swap:
    mov     rax, [rdi]
    mov     rcx, [rdi + 8]
    mov     [rdi], rcx
    mov     [rdi + 8], rax
    ret

; void swap_in_one_register(long *values), which is wrong
swap_in_one_register:
    mov     rax, [rdi + 8]
    mov     [rdi], rax
    mov     rax, [rdi]
    mov     [rdi + 8], rax
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
