; attack: reads the variables of the checker's environment
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Secrets in the environment are in /proc/PID/environ for every process of the
; user's. The guest's own environment is empty, and it opens no files.

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
    lea     rsi, [rel environment]
    mov     ecx, ENVIRONMENT_SIZE
    rep movsb
    lea     rdi, [rel buffer]
    jmp     reads

    section .rodata
proc:
    db      "/proc/"
PROC_SIZE           equ $ - proc
environment:
    db      "/environ", 0
ENVIRONMENT_SIZE    equ $ - environment

    section .note.GNU-stack noalloc noexec nowrite progbits
