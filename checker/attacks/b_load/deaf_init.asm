; attack: ignores every signal that asks it to stop, and loops in PyInit
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; A deadline by SIGTERM, SIGALRM or SIGXCPU is a request that a process may
; decline, unless a filter keeps it from declining. SIGKILL is none.

%define OWN_PYINIT
%include "attack.inc"

    section .bss
    align   8, resb 1
ignore:
    resq    4                           ; struct sigaction of the kernel

    section .text
PyInit_attack:
    mov     qword [rel ignore], SIG_IGN
    mov     ebx, 64                     ; the last signal
.next:
    mov     edi, ebx
    lea     rsi, [rel ignore]
    xor     edx, edx
    mov     r10d, 8                     ; bytes of a signal set
    mov     eax, SYS_rt_sigaction
    syscall                             ; SIGKILL and SIGSTOP refuse, no matter
    dec     ebx
    jnz     .next
.for_ever:
    jmp     .for_ever

attack:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
