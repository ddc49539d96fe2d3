; attack: kills the checker by a system call of the 32-bit kind
; works: the checker dies
; contained: signal SIGSYS
; needs: a kernel with 32-bit system calls
;
; `int 0x80` has another list of numbers: its 37 is kill, and 37 is alarm here.
; A filter that looks at numbers alone lets the wrong calls pass. This one looks
; first at which kind of call it is, and ends the process.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     ebx, eax
    mov     ecx, SIGKILL
    mov     eax, SYS32_kill
    int     0x80
    cdqe
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
