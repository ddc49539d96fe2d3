; attack: makes a file of a gigabyte
; works: the file "big" appears
; contained: errno EACCES or signal SIGSYS
;
; The disk of a grader is everybody's. Here the file is mostly a hole, so that
; the demonstration costs nothing. There is a limit on the size of files too,
; for what a guest prints.

%include "attack.inc"

    section .rodata
path:
    db      "big", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_RDWR | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    mov     esi, 1 << 30
    mov     eax, SYS_ftruncate
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
