; attack: gives a file of the grader's a second name
; works: the file "kept" appears
; contained: errno EACCES or signal SIGSYS
;
; When the grader deletes the file, its content lives on under the other name.

%include "attack.inc"

    section .rodata
old_name:
    db      "secret", 0
new_name:
    db      "kept", 0

    section .text
attack:
    lea     rdi, [rel old_name]
    lea     rsi, [rel new_name]
    mov     eax, SYS_link
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
