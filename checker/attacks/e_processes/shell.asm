; attack: asks the C library for a shell
; works: the file "executed" appears
; contained: signal SIGSYS or errno EACCES or in vain
;
; `system` forks and executes. It fails at the first of them, and whoever calls
; it does not need a single system call of their own.

%include "attack.inc"

    extern  system

    section .rodata
command:
    db      ": > executed", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel command]
    call    system wrt ..plt            ; 0, or another status, or -1
    add     rsp, 8
    test    eax, eax
    sete    al
    movzx   eax, al
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
