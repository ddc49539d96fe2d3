; attack: empties a file of the grader's
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; O_TRUNC empties a file as it is opened, before a byte is written.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_TRUNC
    mov     eax, SYS_openat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
