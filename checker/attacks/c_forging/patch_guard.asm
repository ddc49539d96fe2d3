; attack: writes over the code that watches it
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; `run` was called by the guard, so its caller's return address is in the
; guard's code. With that page made writable the guard can be told to see
; nothing. No memory can be made executable once the guest is closed.

%include "attack.inc"

    section .text
attack:
    mov     rdi, [rsp + 64]             ; where run returns to
    mov     rbx, rdi
    and     rdi, -4096
    mov     esi, 8192
    mov     edx, PROT_READ | PROT_WRITE | PROT_EXEC
    mov     eax, SYS_mprotect
    syscall
    test    rax, rax
    js      outcome
    mov     al, [rbx]
    mov     byte [rbx], 0x90            ; it can be written
    mov     [rbx], al                   ; and is as before: the proof is enough
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
