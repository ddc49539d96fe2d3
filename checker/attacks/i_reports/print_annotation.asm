; attack: prints an order to the server that runs the tests
; works: it says "::error file="
; contained: harmless report
;
; Lines that begin with `::` are orders on some servers, and could accuse
; another file or set variables. Whatever a module prints is indented in the
; report.

%include "attack.inc"

    section .rodata
text:
    db      "::error file=grader.py,line=1::the grader is broken", 10
    db      "::notice title=Autograding report::passed", 10
    db      "::stop-commands::pause-logging", 10
    db      "##[error]the grader is broken", 10
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
