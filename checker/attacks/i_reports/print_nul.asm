; attack: prints zero bytes
; works: it says "\0passed"
; contained: harmless report
;
; C programs take a zero for the end of a text, XML and JSON do not allow it,
; and databases refuse it: results are lost between one tool and the next.

%include "attack.inc"

    section .rodata
text:
    db      "failed", 0, "passed", 10
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
