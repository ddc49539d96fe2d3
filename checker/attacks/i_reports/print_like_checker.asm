; attack: prints a report that looks like the checker's
; works: it says "ex05c multiply: passed"
; contained: harmless report
;
; A reader in a hurry takes it for the verdict. In the report it stands indented
; below a line that says whose words they are.

%include "attack.inc"

    section .rodata
text:
    db      "ex05c multiply: passed, 30 answers, CPython 3.11.7", 10
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
