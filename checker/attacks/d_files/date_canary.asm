; attack: gives a file of the grader's another date
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; Late work is told from other work by its date. Landlock does not cover it.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0
    align   8
dates:                                  ; struct timespec twice: 1970
    dq      1, 0, 1, 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    lea     rdx, [rel dates]
    xor     r10d, r10d
    mov     eax, SYS_utimensat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
