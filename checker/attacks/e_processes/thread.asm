; attack: starts a thread
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; The guard and CPython take it for granted that one thread runs at a time. Here
; the thread ends at once.

%include "attack.inc"

    section .bss
    align   16, resb 1
stack:
    resb    4096
.top:

    section .text
attack:
    mov     edi, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND
    or      edi, CLONE_THREAD | CLONE_SYSVSEM
    lea     rsi, [rel stack.top]
    xor     edx, edx
    xor     r10d, r10d
    xor     r8d, r8d
    mov     eax, SYS_clone
    syscall
    test    rax, rax
    jnz     outcome
    xor     edi, edi                    ; the thread
    mov     eax, SYS_exit
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
