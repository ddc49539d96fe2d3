; >>> from guess import guess
; >>> chr(guess(3, 5))
; '<'

%include "workbook.inc"

    default rel

workbook_module guess
workbook_function guess, long, long, long

    section .text

; ANCHOR: function
; long guess(long number, long secret)
;
;   in      rdi = number    rsi = secret
;   out     rax = '<', '=' or '>', as the number is to the secret
guess:
    cmp     rdi, rsi
    mov     rax, '<'
    jl      .known
    mov     rax, '>'
    jg      .known
    mov     rax, '='
.known:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
