; attack: sends a frame that is nested ten thousand times
; works: the guest breaks the protocol
; contained: broken protocol or signal SIGSYS
;
; A parser that calls itself for each bracket runs out of stack, in the grader.
; The host's parser counts how deep it is and gives up; so does the verdict.

%include "attack.inc"

    section .bss
frame:
    resb    10000

    section .text
attack:
    lea     rdi, [rel frame]
    mov     ecx, 10000
    mov     al, "["
    rep stosb
    mov     edi, 3                      ; the guest's socket
    lea     rsi, [rel frame]
    mov     edx, 10000
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_sendto
    syscall
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
