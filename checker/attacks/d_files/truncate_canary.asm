; attack: empties a file of the grader's without opening it
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; Old versions of Landlock do not cover truncate, and the filter does not
; allow it on any.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0

    section .text
attack:
    lea     rdi, [rel path]
    xor     esi, esi
    mov     eax, SYS_truncate
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
