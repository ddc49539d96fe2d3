; attack: stops itself, and waits to be woken up
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; A stopped process uses no time on the processor, so a limit on that never
; ends it. The clock on the wall does.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getpid
    syscall
    mov     edi, eax
    mov     esi, SIGSTOP
    mov     eax, SYS_kill
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
