; attack: hangs a note on a file of the grader's
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
; needs: a file system with extended attributes
;
; An extended attribute is a small text beside a file. It changes neither the
; file nor its size, and the next run can read it.

%include "attack.inc"

    section .rodata
path:
    db      "canary", 0
name:
    db      "user.note", 0
note:
    db      "answer 3 is 42"
NOTE_SIZE   equ $ - note

    section .text
attack:
    lea     rdi, [rel path]
    lea     rsi, [rel name]
    lea     rdx, [rel note]
    mov     r10d, NOTE_SIZE
    xor     r8d, r8d
    mov     eax, SYS_setxattr
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
