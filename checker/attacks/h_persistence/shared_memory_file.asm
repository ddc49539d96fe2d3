; attack: leaves a file in shared memory for the next run
; works: the second run() is 2
; contained: errno EACCES or signal SIGSYS
;
; A new folder for each job does not help: /dev/shm is in none of them.

%include "attack.inc"

O_EXCL      equ 0x80                    ; fcntl.h
EEXIST      equ 17

    section .rodata
path:
    db      "/dev/shm/notes-of-an-attack", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_CREAT | O_EXCL
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    cmp     rax, -EEXIST
    jne     outcome
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
