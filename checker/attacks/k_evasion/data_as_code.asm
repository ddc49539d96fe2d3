; attack: makes its data executable, and runs it
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; What is data when the file is looked at can be code later. Memory cannot be
; made executable in a guest.

%include "attack.inc"

    section .data
    align   4096
code:
    mov     eax, 1
    ret

    section .text
attack:
    lea     rdi, [rel code]
    mov     esi, 4096
    mov     edx, PROT_READ | PROT_WRITE | PROT_EXEC
    mov     eax, SYS_mprotect
    syscall
    test    rax, rax
    js      outcome
    call    code
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
