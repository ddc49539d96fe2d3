; attack: turns the direction of the text around it
; works: it says "\u{202e}"
; contained: harmless report
;
; U+202E has a line read from right to left, so that `deliaf` is read as its
; opposite, and code looks other than it is.

%include "attack.inc"

    section .rodata
text:
    db      "deliaf ", 0xe2, 0x80, 0xae, "dessap", 10
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
