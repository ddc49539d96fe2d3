; attack: adds a line to a file of the grader's
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; One line more in a list of results, a script, or a set of keys.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0
line:
    db      "student,100", 10
LINE_SIZE   equ $ - line

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_APPEND
    mov     eax, SYS_openat
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel line]
    mov     edx, LINE_SIZE
    mov     eax, SYS_write
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
