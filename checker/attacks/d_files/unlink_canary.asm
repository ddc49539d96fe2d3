; attack: deletes a file of the grader's
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; Without its tests a grader may have nothing to complain of.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0

    section .text
attack:
    lea     rdi, [rel path]
    mov     eax, SYS_unlink
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
