; Data behind a call, whose address the call has pushed.

; >>> f()
; 111

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long
    section .text
f:  call    .data
    db      "four", 0
.data:
    pop     rax
    movzx   eax, byte [rax + 1]
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
