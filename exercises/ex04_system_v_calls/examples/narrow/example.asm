; >>> from narrow import as_long
; >>> as_long(-9)
; -9

%include "workbook.inc"

    default rel

workbook_module narrow
workbook_function whole_register, ulong, int    ; wrong: see the page
workbook_function as_long, long, int            ; long as_long(int n)
workbook_function is_space, bool, char          ; bool is_space(char c)

    section .text

; ANCHOR: functions
; unsigned long whole_register(int n)       wrong: see the page
whole_register:
    mov     rax, rdi
    ret

; long as_long(int n)
;
;   in      edi = n
as_long:
    movsxd  rax, edi                    ; 32 bits and copies of the sign
    ret

; bool is_space(char c)
;
;   in      dil = c
is_space:
    cmp     dil, ' '
    sete    al
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
