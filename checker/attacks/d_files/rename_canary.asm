; attack: puts one file of the grader's in the place of another
; works: the canary changes
; contained: errno EACCES or signal SIGSYS
;
; The expected answers become a file of the student's choice.

%include "attack.inc"

    section .rodata
old_name:
    db      "canary.sh", 0
new_name:
    db      "canary", 0

    section .text
attack:
    lea     rdi, [rel old_name]
    lea     rsi, [rel new_name]
    mov     eax, SYS_rename
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
