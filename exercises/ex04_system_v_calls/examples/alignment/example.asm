; >>> from alignment import at_entry, after_a_push
; >>> at_entry(), after_a_push()
; (8, 0)

%include "workbook.inc"

    default rel

workbook_module alignment
workbook_function at_entry, long        ; long at_entry(void)
workbook_function after_a_push, long    ; long after_a_push(void)

    section .text

; ANCHOR: functions
; long at_entry(void)
;
;   out     rax = rsp % 16
at_entry:
    mov     rax, rsp
    and     eax, 15                     ; the low four bits: rsp % 16
    ret

; long after_a_push(void)
;
;   out     rax = rsp % 16, eight bytes further down
after_a_push:
    push    rdi
    mov     rax, rsp
    and     eax, 15
    pop     rdi
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
