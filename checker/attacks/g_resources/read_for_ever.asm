; attack: waits for the checker to say something, which waits for an answer
; works: no answer comes
; contained: time limit or signal SIGSYS
;
; The guest's own socket, on which the call is allowed. Two that wait for each
; other need a third who looks at the clock.

%include "attack.inc"

    section .text
attack:
    mov     edi, 3                      ; the guest's socket
    lea     rsi, [rel buffer]
    mov     edx, BUFFER_SIZE
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_recvfrom
    syscall
    jmp     attack

    section .note.GNU-stack noalloc noexec nowrite progbits
