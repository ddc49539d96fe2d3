; attack: takes an open file from the checker
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel that lets a process trace its parent
;
; pidfd_getfd copies a descriptor out of another process: its results file, its
; connection to the server. What was opened as root stays open as root.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edi, eax
    xor     esi, esi
    mov     eax, SYS_pidfd_open
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    mov     esi, 1                      ; its standard output
    xor     edx, edx
    mov     eax, SYS_pidfd_getfd
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
