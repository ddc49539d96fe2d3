; attack: clears the reader's screen and writes `passed` on it
; works: it says "\e[2J"
; contained: harmless report
;
; Terminals take orders from the text that they show: colors, positions, titles,
; on some even what to type next. What a module prints is shown without any
; control character.

%include "attack.inc"

    section .rodata
text:
    db      27, "[2J", 27, "[H", 27, "[32mex05c: passed", 27, "[0m", 10
    db      27, "]0;passed", 7
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
