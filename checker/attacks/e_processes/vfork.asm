; attack: makes a process by vfork
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; One of the five calls that make processes. A list of what is forbidden has to
; name them all.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_vfork
    syscall
    test    rax, rax
    jnz     outcome
    xor     edi, edi                    ; the child
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
