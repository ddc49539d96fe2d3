; attack: puts one file of the grader's in the place of another
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; The expected answers become a file of the student's choice.

%include "attack.inc"

    section .rodata
from:
    db      "canary.sh", 0
to:
    db      "canary", 0

    section .text
attack:
    lea     rdi, [rel from]
    lea     rsi, [rel to]
    mov     eax, SYS_rename
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
