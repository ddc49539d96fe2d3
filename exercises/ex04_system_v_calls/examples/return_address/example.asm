; >>> from return_address import is_the_next_line
; >>> is_the_next_line()
; True

%include "workbook.inc"

    default rel

workbook_module return_address
workbook_function is_the_next_line, bool        ; bool is_the_next_line(void)

    section .text

; ANCHOR: functions
; long on_top(void)
;
;   out     rax = what lies on top of the stack at the entry
on_top:
    mov     rax, [rsp]
    ret

; bool is_the_next_line(void)
;
;   out     al = 1 if on_top found the address of .next there
is_the_next_line:
    sub     rsp, 8
    call    on_top
.next:
    lea     rcx, [rel .next]
    cmp     rax, rcx
    sete    al                          ; 1 if they are equal, else 0
    add     rsp, 8
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
