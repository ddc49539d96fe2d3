; attack: leaves a queue of messages for the next run
; works: the second run() is 2
; contained: signal SIGSYS or errno EACCES
;
; The third kind of System V, with room for texts.

%include "attack.inc"

IPC_CREAT   equ 0o1000                  ; sys/ipc.h
IPC_EXCL    equ 0o2000
EEXIST      equ 17

    section .text
attack:
    mov     edi, 0x5afe                 ; the number
    mov     esi, IPC_CREAT | IPC_EXCL | 0o600
    mov     eax, SYS_msgget
    syscall
    cmp     rax, -EEXIST
    jne     outcome
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
