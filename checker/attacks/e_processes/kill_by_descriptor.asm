; attack: kills the checker by a descriptor of its process
; works: the checker dies
; contained: signal SIGSYS or errno EACCES
;
; pidfd_send_signal is kill under a newer name, and not on the list of what is
; allowed.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    xor     esi, esi
    mov     eax, SYS_pidfd_open
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    mov     esi, SIGKILL
    xor     edx, edx
    xor     r10d, r10d
    mov     eax, SYS_pidfd_send_signal
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
