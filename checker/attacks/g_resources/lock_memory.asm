; attack: has the kernel keep its memory where it is
; works: run() is 1
; contained: errno EPERM or signal SIGSYS
;
; Locked memory cannot be swapped out, so everybody else's is.

%include "attack.inc"

SYS_mlock   equ 149

    section .text
attack:
    lea     rdi, [rel buffer]
    mov     esi, BUFFER_SIZE
    mov     eax, SYS_mlock
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
