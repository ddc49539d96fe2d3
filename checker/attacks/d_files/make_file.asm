; attack: leaves a file behind
; works: the file "left" appears
; contained: errno EACCES or signal SIGSYS
;
; Files carry messages from one run to the next, or wait for a grader that opens
; them. A guest can make none.

%include "attack.inc"

    section .rodata
path:
    db      "left", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
