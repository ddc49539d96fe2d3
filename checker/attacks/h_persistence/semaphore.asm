; attack: leaves a semaphore for the next run
; works: the second run() is 2
; contained: signal SIGSYS or errno EACCES
;
; A number of 16 bits that outlives its maker: enough for one answer.

%include "attack.inc"

IPC_CREAT   equ 0o1000                  ; sys/ipc.h
IPC_EXCL    equ 0o2000
EEXIST      equ 17

    section .text
attack:
    mov     edi, 0x5afe                 ; the number
    mov     esi, 1
    mov     edx, IPC_CREAT | IPC_EXCL | 0o600
    mov     eax, SYS_semget
    syscall
    cmp     rax, -EEXIST
    jne     outcome
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
