; attack: sleeps for an hour
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; It uses no time on the processor, so a limit on that does not see it.

%include "attack.inc"

    section .data
    align   8
hour:                                   ; struct timespec
    dq      3600, 0

    section .text
attack:
    lea     rdi, [rel hour]
    xor     esi, esi
    mov     eax, SYS_nanosleep
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
