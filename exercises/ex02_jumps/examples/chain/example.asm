; >>> from chain import chain
; >>> chr(chain(2))
; 'G'

%include "workbook.inc"

    default rel

workbook_module chain
workbook_function chain, long, long

    section .text

; long chain(long light), the same as traffic, by one question after the other
; ANCHOR: function
chain:
    cmp     rdi, 0
    je      .red
    cmp     rdi, 1
    je      .yellow
    cmp     rdi, 2
    je      .green
    mov     rax, '?'
    ret
.red:
    mov     rax, 'R'
    ret
.yellow:
    mov     rax, 'Y'
    ret
.green:
    mov     rax, 'G'
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
