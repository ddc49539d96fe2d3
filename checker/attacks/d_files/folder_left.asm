; attack: leaves a folder that its owner may not enter
; works: the file "output" appears
; contained: errno EACCES or signal SIGSYS
;
; `rm -r` fails on it, and the next run finds it there.

%include "attack.inc"

    section .rodata
path:
    db      "output", 0

    section .text
attack:
    lea     rdi, [rel path]
    xor     esi, esi                    ; no permissions for anybody
    mov     eax, SYS_mkdir
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
