; attack: sends an empty message, which looks like the end of the connection
; works: the guest breaks the protocol
; contained: broken protocol or signal SIGSYS
;
; On a socket of messages a read of 0 bytes is an empty message or the end. A
; host that takes it for the end may wait for a process that does not end. It
; waits a moment, and then ends the process itself.

%include "attack.inc"

    section .text
attack:
    mov     edi, 3                      ; the guest's socket
    xor     esi, esi
    xor     edx, edx
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_sendto
    syscall
.for_ever:
    jmp     .for_ever

    section .note.GNU-stack noalloc noexec nowrite progbits
