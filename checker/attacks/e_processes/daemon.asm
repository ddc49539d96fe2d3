; attack: leaves a process in a session of its own
; works: a process stays
; contained: signal SIGSYS or errno EACCES
;
; Whoever ends a job by killing its process group misses this one.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_fork
    syscall
    test    rax, rax
    jnz     outcome
    mov     eax, SYS_setsid             ; the child
    syscall
.for_ever:
    mov     eax, SYS_pause
    syscall
    jmp     .for_ever

    section .note.GNU-stack noalloc noexec nowrite progbits
