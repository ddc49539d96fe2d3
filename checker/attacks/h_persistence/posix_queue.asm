; attack: leaves a queue with a name for the next run
; works: the second run() is 2
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with POSIX message queues
;
; Its name looks like a path and is none: it lies in no folder that anybody
; empties.

%include "attack.inc"

O_EXCL      equ 0x80                    ; fcntl.h
EEXIST      equ 17

    section .rodata
name:
    db      "notes-of-an-attack", 0

    section .text
attack:
    lea     rdi, [rel name]
    mov     esi, O_RDWR | O_CREAT | O_EXCL
    mov     edx, 0o600
    xor     r10d, r10d                  ; of the usual size
    mov     eax, SYS_mq_open
    syscall
    cmp     rax, -EEXIST
    jne     outcome
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
