; attack: makes a process
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; What a child does is counted against nobody, and it lives on when its parent
; is killed. A module has no use for processes.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_fork
    syscall
    test    rax, rax
    jnz     outcome
    xor     edi, edi                    ; the child
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
