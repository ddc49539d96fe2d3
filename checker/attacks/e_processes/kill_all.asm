; attack: kills every process that it may
; works: the checker dies
; contained: signal SIGSYS or errno EACCES
;
; kill with -1 for a process reaches all of the user's: other graders, the
; editor, the session.

%include "attack.inc"

    section .text
attack:
    mov     edi, -1
    mov     esi, SIGKILL
    mov     eax, SYS_kill
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
