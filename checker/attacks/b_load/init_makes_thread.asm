; attack: starts a thread in PyInit that works on while nobody looks
; works: run() is 1
; contained: signal SIGSYS
;
; A thread shares the memory with CPython and with the guard, and can change
; both between two looks at them. The filter of system calls lets no thread be
; made.

%define OWN_PYINIT
%include "attack.inc"

    section .bss
    align   16, resb 1
stack:
    resb    4096
.top:
counter:
    resq    1                           ; the thread counts here

    section .text
PyInit_attack:
    mov     edi, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND
    or      edi, CLONE_THREAD | CLONE_SYSVSEM
    lea     rsi, [rel stack.top]
    xor     edx, edx
    xor     r10d, r10d
    xor     r8d, r8d
    mov     eax, SYS_clone
    syscall
    test    rax, rax
    jnz     make_module
.thread:
    inc     qword [rel counter]
    jmp     .thread

attack:
    mov     rcx, [rel counter]
    mov     edx, 100000000              ; long enough for the other one
.wait:
    cmp     [rel counter], rcx
    jne     .counted
    dec     edx
    jnz     .wait
    xor     eax, eax
    ret
.counted:
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
