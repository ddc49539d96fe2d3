; attack: asks whether a file exists
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; One bit for each question: which tests there are, which users, which tools.
; Landlock does not cover it. The loader needs the call, but the file is loaded
; before the filter is, so that the filter need not allow it.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    lea     rdi, [rel path]
    lea     rsi, [rel buffer]
    mov     eax, SYS_stat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
