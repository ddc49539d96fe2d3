; attack: lifts the limit on its own memory
; works: run() is 1
; contained: errno EPERM or signal SIGSYS
;
; Soft limits are wishes, and root may raise hard ones too. Both are set, the
; rights of root are given up, and the call is not allowed.

%include "attack.inc"

RLIMIT_AS   equ 9                       ; sys/resource.h

    section .data
    align   8
unlimited:                              ; struct rlimit
    dq      -1, -1

    section .text
attack:
    mov     edi, RLIMIT_AS
    lea     rsi, [rel unlimited]
    mov     eax, SYS_setrlimit
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
