; attack: writes to code by way of /proc/self/mem
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; This file does not care whether a page may be written, so it changes code
; without mprotect. It cannot be opened.

%include "attack.inc"

    section .rodata
path:
    db      "/proc/self/mem", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_RDWR
    mov     eax, SYS_openat
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
