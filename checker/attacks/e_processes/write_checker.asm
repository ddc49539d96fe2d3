; attack: writes to the checker's memory
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel that lets a process trace its parent
;
; One word at the right place turns a failure into a pass. Which place it is, a
; student can find out at home with the same checker.

%include "attack.inc"

    section .data
    align   8
here:                                   ; struct iovec
    dq      buffer, 8
there:
    dq      4096, 8                     ; nobody's: the permission is enough

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    lea     rsi, [rel here]
    mov     edx, 1
    lea     r10, [rel there]
    mov     r8d, 1
    xor     r9d, r9d
    mov     eax, SYS_process_vm_writev
    syscall
    cmp     rax, -EFAULT                ; it was allowed to, and missed
    jne     outcome
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
