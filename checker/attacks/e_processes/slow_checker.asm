; attack: has the checker wait behind everybody else
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; A checker at the lowest priority runs into its own deadlines. Neither Landlock
; nor limits cover setpriority.

%include "attack.inc"

PRIO_PROCESS    equ 0                   ; sys/resource.h

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, PRIO_PROCESS
    mov     esi, eax
    mov     edx, 19                     ; as low as it goes
    mov     eax, SYS_setpriority
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
