; attack: leaves a link for a grader that writes or copies as root
; works: the file "output.txt" appears
; contained: errno EACCES or signal SIGSYS
;
; A grader that later writes to output.txt writes where the link leads. Several
; graders gave away their machine in this way. No link can be made here, and the
; host follows none.

%include "attack.inc"

    section .rodata
target:
    db      "/etc/passwd", 0
path:
    db      "output.txt", 0

    section .text
attack:
    lea     rdi, [rel target]
    lea     rsi, [rel path]
    mov     eax, SYS_symlink
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
