; attack: reads by openat2, the newer relative of openat
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Kernels get new calls, and a list of what is forbidden grows old. This filter
; is a list of what is allowed, so a call of next year is refused already.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0
    align   8
how:                                    ; struct open_how, linux/openat2.h
    dq      O_RDONLY, 0, 0
HOW_SIZE    equ $ - how

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    lea     rdx, [rel how]
    mov     r10d, HOW_SIZE
    mov     eax, SYS_openat2
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
