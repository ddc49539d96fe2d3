; attack: waits for a lock that nobody will open
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; futex is on every list of allowed calls, because locks of the C library need
; it. Waiting is allowed, and the deadline passes meanwhile.

%include "attack.inc"

FUTEX_WAIT  equ 0                       ; linux/futex.h

    section .text
attack:
    lea     rdi, [rel buffer]           ; holds 0
    mov     esi, FUTEX_WAIT
    xor     edx, edx                    ; wait while it holds 0
    xor     r10d, r10d                  ; for ever
    mov     eax, SYS_futex
    syscall
    jmp     attack

    section .note.GNU-stack noalloc noexec nowrite progbits
