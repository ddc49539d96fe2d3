; attack: maps 4 GB of memory and uses some of each part
; works: run() is 1
; contained: errno ENOMEM
;
; When memory is out, the kernel ends a process of its choice. This program
; touches one byte in each four megabytes, so that nobody's machine suffers.

%include "attack.inc"

STEP        equ 4 << 20

    section .text
attack:
    xor     edi, edi
    mov     rsi, 4 << 30
    mov     edx, PROT_READ | PROT_WRITE
    mov     r10d, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    mov     r8, -1
    xor     r9d, r9d
    mov     eax, SYS_mmap
    syscall
    test    rax, rax
    js      outcome
    mov     ecx, 1024
.next:
    mov     byte [rax], 1
    add     rax, STEP
    dec     ecx
    jnz     .next
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
