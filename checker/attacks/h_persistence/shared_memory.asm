; attack: leaves a segment of shared memory for the next run
; works: the second run() is 2
; contained: signal SIGSYS or errno EACCES
;
; System V memory has a number instead of a path, belongs to no process and no
; folder, and stays until somebody removes it.

%include "attack.inc"

IPC_CREAT   equ 0o1000                  ; sys/ipc.h
IPC_EXCL    equ 0o2000
EEXIST      equ 17

    section .text
attack:
    mov     edi, 0x5afe                 ; the number
    mov     esi, 4096
    mov     edx, IPC_CREAT | IPC_EXCL | 0o600
    mov     eax, SYS_shmget
    syscall
    cmp     rax, -EEXIST
    jne     outcome
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
