; attack: sleeps for a millisecond, again and again
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; Graders that measure time on the processor, or that start the clock again
; whenever a job moves, wait for it for ever.

%include "attack.inc"

    section .data
    align   8
millisecond:                            ; struct timespec
    dq      0, 1000000

    section .text
attack:
    lea     rdi, [rel millisecond]
    xor     esi, esi
    mov     eax, SYS_nanosleep
    syscall
    jmp     attack

    section .note.GNU-stack noalloc noexec nowrite progbits
