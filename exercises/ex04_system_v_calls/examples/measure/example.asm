; >>> from measure import length
; >>> length(b"forty-two")
; 9

%include "workbook.inc"

    default rel

workbook_module measure
workbook_function length, ulong, buffer         ; size_t length(const char *)

; ANCHOR: function
    extern  strlen

    section .text

; size_t length(const char *text)
;
;   in      rdi = text, which ends in a zero byte
;   out     rax = how many bytes come before that
length:
    sub     rsp, 8                      ; brings rsp to a multiple of 16
    call    strlen wrt ..plt
    add     rsp, 8
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
