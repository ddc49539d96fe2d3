; attack: asks whether it could read a file
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; The same bit by another call, as by readlink and a dozen others. A list of
; what is allowed has none of them.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    lea     rdi, [rel path]
    mov     esi, 4                      ; R_OK
    mov     eax, SYS_access
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
