; attack: makes itself root in a user namespace of its own
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: user namespaces
;
; Such a root can do little outside, and reaches much more of the kernel's code
; than others: many of its holes began here.

%include "attack.inc"

    section .text
attack:
    mov     edi, CLONE_NEWUSER
    mov     eax, SYS_unshare
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
