; attack: mounts a file system over the grader's folder
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: root, or a namespace in which it is root
;
; What was there is out of sight, and other files are in its place. Capabilities
; are dropped, and the filter does not allow the call.

%include "attack.inc"

    section .rodata
here:
    db      ".", 0
kind:
    db      "tmpfs", 0

    section .text
attack:
    lea     rdi, [rel kind]
    lea     rsi, [rel here]
    lea     rdx, [rel kind]
    xor     r10d, r10d
    xor     r8d, r8d
    mov     eax, SYS_mount
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
