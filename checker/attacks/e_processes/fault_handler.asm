; attack: asks to handle page faults itself
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with userfaultfd
;
; Whoever handles faults can hold the kernel in the middle of a copy for as long
; as they like, which makes races in it easy to win.

%include "attack.inc"

UFFD_USER_MODE_ONLY equ 1               ; linux/userfaultfd.h

    section .text
attack:
    mov     edi, UFFD_USER_MODE_ONLY
    mov     eax, SYS_userfaultfd
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
