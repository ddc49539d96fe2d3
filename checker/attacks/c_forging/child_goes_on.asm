; attack: ends with status 0 and leaves a child that goes on talking
; works: a process stays
; contained: signal SIGSYS
;
; The grader sees a clean end, and whoever uses the descriptor next hears the
; child. A guest can make no process.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_fork
    syscall
    test    rax, rax
    js      outcome
    jz      .child
    xor     edi, edi
    mov     eax, SYS_exit_group
    syscall
.child:
    mov     eax, SYS_pause
    syscall
    jmp     .child

    section .note.GNU-stack noalloc noexec nowrite progbits
