; attack: rewrites the C library's function that sends the answers
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; Whatever the worker says passes through `send`. If that is the module's, so
; are the answers. Code that is loaded cannot be made writable here.

%include "attack.inc"

    extern  send

    section .text
attack:
    mov     rbx, [rel send wrt ..got]
    mov     rdi, rbx
    and     rdi, -4096
    mov     esi, 8192
    mov     edx, PROT_READ | PROT_WRITE | PROT_EXEC
    mov     eax, SYS_mprotect
    syscall
    test    rax, rax
    js      outcome
    mov     al, [rbx]
    mov     byte [rbx], 0xc3            ; `ret`: nothing is sent
    mov     [rbx], al                   ; and back: the proof is enough
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
