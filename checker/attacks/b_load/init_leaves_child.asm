; attack: makes a process in PyInit that outlives the test
; works: a process stays
; contained: signal SIGSYS
;
; The child can watch the next student's run, or wait until the grader writes
; its results. The filter of system calls is in force before PyInit is called.

%define OWN_PYINIT
%include "attack.inc"

    section .text
PyInit_attack:
    mov     eax, SYS_fork
    syscall
    test    eax, eax
    jnz     make_module
.child:
    mov     eax, SYS_pause
    syscall
    jmp     .child

attack:
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
