; attack: leaves the session and the process group of the grader
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; Signals to the group, as from Ctrl-C, do not reach it any more. The checker
; knows its guests by descriptors and not by groups.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_setsid
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
