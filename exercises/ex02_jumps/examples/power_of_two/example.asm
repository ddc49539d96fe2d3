; >>> from power_of_two import power_of_two
; >>> power_of_two(64), power_of_two(65)
; (True, False)

%include "workbook.inc"

    default rel

workbook_module power_of_two
workbook_function power_of_two, bool, ulong

    section .text

; ANCHOR: function
; bool power_of_two(unsigned long n)
;
;   in      rdi = n
;   out     al = 1 if at most one bit of n is 1, else 0
power_of_two:
    lea     rcx, [rdi - 1]
    test    rdi, rcx
    setz    al
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
