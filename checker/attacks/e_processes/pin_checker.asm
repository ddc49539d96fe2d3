; attack: binds the checker to one processor
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; With all of a grader's processes on one core, a machine of 64 is as slow as
; one of 1, and nobody sees why.

%include "attack.inc"

    section .data
    align   8
first_only:
    dq      1

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    mov     esi, 8
    lea     rdx, [rel first_only]
    mov     eax, SYS_sched_setaffinity
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
