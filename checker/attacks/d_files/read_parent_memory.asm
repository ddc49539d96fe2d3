; attack: opens the memory of the checker as a file
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; /proc/PID/mem is all that a process has in memory, expected answers included,
; and processes of one user may read each other's. A guest may open nothing.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    lea     rdi, [rel buffer]
    lea     rsi, [rel proc]
    mov     ecx, PROC_SIZE
    rep movsb
    mov     ecx, 10                     ; the number's digits, the last first
    mov     r8d, 16
.digit:
    xor     edx, edx
    div     ecx
    add     dl, "0"
    dec     r8d
    mov     [rsp + r8 - 24], dl
    test    eax, eax
    jnz     .digit
.copy:
    mov     al, [rsp + r8 - 24]
    stosb
    inc     r8d
    cmp     r8d, 16
    jne     .copy
    lea     rsi, [rel memory]
    mov     ecx, MEMORY_SIZE
    rep movsb
    lea     rsi, [rel buffer]
    mov     edi, AT_FDCWD
    mov     edx, O_RDONLY
    mov     eax, SYS_openat
    syscall
    jmp     outcome

    section .rodata
proc:
    db      "/proc/"
PROC_SIZE   equ $ - proc
memory:
    db      "/mem", 0
MEMORY_SIZE equ $ - memory

    section .note.GNU-stack noalloc noexec nowrite progbits
