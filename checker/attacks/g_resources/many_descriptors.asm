; attack: opens descriptors until there are no more
; works: run() is 1
; contained: errno EMFILE or signal SIGSYS
;
; The machine's table of open files is everybody's. It is 1 after 200.

%include "attack.inc"

    section .text
attack:
    mov     ebx, 200
.next:
    mov     edi, 1
    mov     eax, SYS_dup
    syscall
    test    rax, rax
    js      outcome
    dec     ebx
    jnz     .next
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
