; attack: gives orders to the terminal without an escape character
; works: it says "\u{9b}2J"
; contained: harmless report
;
; U+009B is ESC and [ in one, and looks like any other letter outside ASCII to
; a filter of bytes below 32.

%include "attack.inc"

    section .rodata
text:
    db      0xc2, 0x9b, "2J", 0xc2, 0x9d, "0;passed", 0xc2, 0x9c, 10
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
