; attack: sets a limit of the checker's
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; prlimit works on other processes: with no descriptors left the checker cannot
; open the next answer. This one sets the size of core files, which hurts less.

%include "attack.inc"

RLIMIT_CORE equ 4                       ; sys/resource.h

    section .data
    align   8
none:                                   ; struct rlimit
    dq      0, 0

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    mov     esi, RLIMIT_CORE
    lea     rdx, [rel none]
    xor     r10d, r10d
    mov     eax, SYS_prlimit64
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
