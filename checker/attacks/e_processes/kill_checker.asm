; attack: kills the checker
; works: the checker dies
; contained: signal SIGSYS or errno EACCES
;
; A grader that is killed gives no mark, and one that is started again by a
; supervisor meets the same file again. A guest can send no signal to anybody
; but itself.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    mov     esi, SIGKILL
    mov     eax, SYS_kill
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
