; attack: becomes another program
; works: the file "executed" appears
; contained: signal SIGSYS or errno EACCES
;
; A shell is the most useful thing that a stranger can have on a machine.

%include "attack.inc"

    section .rodata
path:
    db      "./canary.sh", 0

    section .data
    align   8
arguments:
    dq      path, 0
environment:
    dq      0

    section .text
attack:
    lea     rdi, [rel path]
    lea     rsi, [rel arguments]
    lea     rdx, [rel environment]
    mov     eax, SYS_execve
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
