; attack: makes the folder it is in the root of all paths
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: root, or a namespace in which it is root
;
; chroot was no sandbox ever, but a root of one's own fools programs with
; special rights: /etc/passwd is whatever one puts there.

%include "attack.inc"

    section .rodata
here:
    db      ".", 0

    section .text
attack:
    lea     rdi, [rel here]
    mov     eax, SYS_chroot
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
