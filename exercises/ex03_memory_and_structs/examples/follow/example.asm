; >>> from follow import load
; >>> load(id(2.5) + 8) == id(float)
; True

%include "workbook.inc"

    default rel

workbook_module follow
workbook_function load, ulong, ulong            ; the eight bytes at an address

    section .text

; ANCHOR: load
load:
    mov     rax, [rdi]
    ret
; ANCHOR_END: load

    section .note.GNU-stack noalloc noexec nowrite progbits
