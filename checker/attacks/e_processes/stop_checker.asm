; attack: stops the checker without killing it
; works: the checker stops
; contained: signal SIGSYS or errno EACCES
;
; A stopped process is not dead, so no supervisor starts another. The class
; waits.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    mov     esi, SIGSTOP
    mov     eax, SYS_kill
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
