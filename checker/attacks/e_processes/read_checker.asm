; attack: copies from the checker's memory
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel that lets a process trace its parent
;
; process_vm_readv needs no file and no debugger. Expected answers are in that
; memory. Which address they have takes some searching: this one tries a single
; address, and that it may read at all is the proof.

%include "attack.inc"

    section .data
    align   8
here:                                   ; struct iovec
    dq      buffer, 8
there:
    dq      0, 8

    section .text
attack:
    mov     rax, [rel PyLong_FromLong wrt ..got]
    mov     [rel there], rax
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    lea     rsi, [rel here]
    mov     edx, 1
    lea     r10, [rel there]
    mov     r8d, 1
    xor     r9d, r9d
    mov     eax, SYS_process_vm_readv
    syscall
    cmp     rax, -EFAULT                ; it was allowed to, and missed
    jne     outcome
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
