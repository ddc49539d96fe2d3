; attack: makes a process by clone3, which takes its flags in memory
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno ENOSYS
;
; A filter sees numbers and no memory, so it cannot tell a harmless clone3 from
; another. It is not on the list.

%include "attack.inc"

    section .data
    align   8
arguments:                              ; struct clone_args, linux/sched.h
    dq      0, 0, 0, 0, SIGCHLD, 0, 0, 0
ARGUMENTS_SIZE  equ $ - arguments

    section .text
attack:
    lea     rdi, [rel arguments]
    mov     esi, ARGUMENTS_SIZE
    mov     eax, SYS_clone3
    syscall
    test    rax, rax
    jnz     outcome
    xor     edi, edi                    ; the child
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
