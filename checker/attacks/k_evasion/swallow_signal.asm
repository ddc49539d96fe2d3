; attack: catches the signal by which a filter says no, and goes on
; works: the file "made" appears
; contained: in vain or signal SIGSYS or errno EACCES
;
; SIGSYS can be handled like others. A module that puts its own handler into the
; place of the checker's could go on, and try one call after the other. So the
; filter does not let go of that handler, and even without it the call would not
; have been made: the signal comes instead of it.

%include "attack.inc"

SIGSYS      equ 31
SA_RESTORER equ 0x04000000
SYS_rt_sigreturn    equ 15

    section .rodata
path:
    db      "made", 0

    section .data
    align   8
action:                                 ; struct sigaction of the kernel
    dq      handler, SA_RESTORER, restorer, 0

    section .text
attack:
    mov     edi, SIGSYS
    lea     rsi, [rel action]
    xor     edx, edx
    mov     r10d, 8
    mov     eax, SYS_rt_sigaction
    syscall
    lea     rdi, [rel path]
    mov     esi, O_WRONLY | O_CREAT
    mov     edx, 0o644
    mov     eax, SYS_open
    syscall
    xor     eax, eax                    ; whatever it was, go on
    ret
handler:
    ret
restorer:
    mov     eax, SYS_rt_sigreturn
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
