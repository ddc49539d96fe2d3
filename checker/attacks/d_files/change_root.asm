; attack: goes to the root of the file system
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; The folder in which a process is decides what relative paths mean, also for
; what it starts later.

%include "attack.inc"

    section .rodata
root:
    db      "/", 0

    section .text
attack:
    lea     rdi, [rel root]
    mov     eax, SYS_chdir
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
