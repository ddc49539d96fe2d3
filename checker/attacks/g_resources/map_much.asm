; attack: maps 64 GB of memory
; works: run() is 1
; contained: errno ENOMEM
;
; Promised memory costs nothing until it is used, and by then it is too late to
; say no. The address space of a guest is limited.

%include "attack.inc"

    section .text
attack:
    xor     edi, edi
    mov     rsi, 64 << 30
    mov     edx, PROT_READ | PROT_WRITE
    mov     r10d, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    mov     r8, -1
    xor     r9d, r9d
    mov     eax, SYS_mmap
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
