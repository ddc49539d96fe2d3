; attack: makes a file in memory that all processes share
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; /dev/shm is no disk, and is forgotten where disks are guarded. What lies there
; stays until the machine is started again.

%include "attack.inc"

    section .rodata
path:
    db      "/dev/shm/left-by-attack", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
