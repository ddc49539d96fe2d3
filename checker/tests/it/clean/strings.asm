; `rep` goes both ways, and is turned round again.
;
; >>> f(b'abcdefgh')
; b'abcdefgh'

%include "workbook.inc"

    default rel

    section .bss
copy:       resb 8

workbook_module example
workbook_function f, bytes(8), buffer

    section .text

f:
    mov     rsi, rdi
    lea     rdi, [rel copy]
    mov     ecx, 4
    rep movsb
    add     rsi, 3
    add     rdi, 3
    mov     ecx, 4
    std
    rep movsb
    cld
    lea     rax, [rel copy]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
