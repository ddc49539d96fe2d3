; attack: takes the permissions from a file of the grader's
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; A file that nobody may read stops a grader without a trace. Landlock does not
; cover chmod: the filter does.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0

    section .text
attack:
    lea     rdi, [rel path]
    xor     esi, esi                    ; no permissions for anybody
    mov     eax, SYS_chmod
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
