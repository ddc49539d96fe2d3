; attack: has the kernel send signals to the checker when a pipe is written
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; F_SETOWN names who is told when a descriptor has news, and F_SETSIG by which
; signal. No call named kill is made. A guest may ask fcntl what a descriptor
; was opened for, and nothing else.

%include "attack.inc"

F_SETOWN    equ 8                       ; fcntl.h

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     edx, eax
    mov     edi, 3                      ; the guest's socket
    mov     esi, F_SETOWN
    mov     eax, SYS_fcntl
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
