; attack: restarts the machine
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: root, or a namespace in which it is root
;
; Only root may, and graders in containers often are root. The kernel looks at
; the right to do it first, and at the number that says what to do afterwards:
; a wrong one shows that it would have been allowed, and restarts nothing.

%include "attack.inc"

MAGIC       equ 0xfee1dead              ; linux/reboot.h
EINVAL      equ 22

    section .text
attack:
    mov     edi, MAGIC
    xor     esi, esi                    ; not the second magic number
    xor     edx, edx
    xor     r10d, r10d
    mov     eax, SYS_reboot
    syscall
    cmp     rax, -EINVAL                ; and not EPERM
    jne     outcome
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
