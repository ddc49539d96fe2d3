; attack: writes over the lines above by carriage returns
; works: it says "\r"
; contained: harmless report
;
; A carriage return, a backspace or a vertical tab moves the cursor back over
; what the checker wrote.

%include "attack.inc"

    section .rodata
text:
    db      "failed", 13, "passed", 10, 8, 8, 8, 11, "passed", 10
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
