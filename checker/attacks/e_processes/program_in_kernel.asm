; attack: makes a map for programs that run in the kernel
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: the right to use bpf
;
; The kernel checks such programs before it runs them, and that check has been
; wrong before.

%include "attack.inc"

BPF_MAP_CREATE  equ 0                   ; linux/bpf.h

    section .data
    align   8
map:                                    ; an array of one word
    dd      2, 4, 8, 1
    times 14 dq 0
MAP_SIZE    equ $ - map

    section .text
attack:
    mov     edi, BPF_MAP_CREATE
    lea     rsi, [rel map]
    mov     edx, MAP_SIZE
    mov     eax, SYS_bpf
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
