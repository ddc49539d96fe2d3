; attack: prints bytes that are no UTF-8
; works: it says "\u{fffd}"
; contained: harmless report
;
; A report that is no valid text is thrown away as a whole by those who read it,
; with everybody's marks. What is no text becomes U+FFFD.

%include "attack.inc"

    section .rodata
text:
    db      0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 10
TEXT_SIZE   equ $ - text

    section .text
attack:
    mov     edi, 1                      ; standard output
    lea     rsi, [rel text]
    mov     edx, TEXT_SIZE
    mov     eax, SYS_write
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
