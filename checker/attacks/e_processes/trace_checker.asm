; attack: attaches to the checker as a debugger does
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel that lets a process trace its parent
;
; A debugger reads and writes everything, and the traced process stands still.

%include "attack.inc"

PTRACE_SEIZE    equ 0x4206              ; sys/ptrace.h

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     esi, eax
    mov     edi, PTRACE_SEIZE
    xor     edx, edx
    xor     r10d, r10d
    mov     eax, SYS_ptrace
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
