; attack: asks the kernel what it shares with the checker
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with kcmp
;
; kcmp orders the kernel's own pointers, which is a step of attacks on kernels.

%include "attack.inc"

KCMP_FS     equ 3                       ; linux/kcmp.h

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    mov     eax, SYS_getpid
    syscall
    mov     esi, eax
    mov     edx, KCMP_FS
    xor     r10d, r10d
    xor     r8d, r8d
    mov     eax, SYS_kcmp
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
