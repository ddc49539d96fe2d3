; attack: reads by open, the older relative of openat
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; The C library uses openat only, and a filter that was made by watching it
; forgets the others. This filter is a list of what is allowed.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    lea     rdi, [rel path]
    xor     esi, esi                    ; O_RDONLY
    mov     eax, SYS_open
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
