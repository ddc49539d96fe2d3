; attack: kills the checker by tgkill, which abort() needs
; works: the checker dies
; contained: signal SIGSYS or errno EACCES
;
; tgkill cannot be refused altogether, because abort() uses it to end its own
; process. The filter looks at its first argument: it has to be the guest.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax                    ; the process
    mov     esi, eax                    ; its first thread
    mov     edx, SIGKILL
    mov     eax, SYS_tgkill
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
