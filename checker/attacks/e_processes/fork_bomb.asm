; attack: makes processes until none can be made
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; A machine out of processes cannot even start `kill`. This one stops at 32, and
; it is 1 if all of them were made.

%include "attack.inc"

    section .text
attack:
    mov     ebx, 32
.next:
    mov     eax, SYS_fork
    syscall
    test    rax, rax
    js      outcome
    jz      .child
    dec     ebx
    jnz     .next
    mov     eax, 1
    ret
.child:
    mov     eax, SYS_pause
    syscall
    jmp     .child

    section .note.GNU-stack noalloc noexec nowrite progbits
