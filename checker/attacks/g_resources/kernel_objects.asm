; attack: makes objects in the kernel that no limit of memory counts
; works: run() is 1
; contained: errno EMFILE or signal SIGSYS
;
; Timers, events and queues take memory of the kernel's. It makes 100 timers.

%include "attack.inc"

    section .text
attack:
    mov     ebx, 100
.next:
    xor     edi, edi                    ; CLOCK_REALTIME
    xor     esi, esi                    ; SIGALRM
    lea     rdx, [rel buffer]
    mov     eax, SYS_timer_create
    syscall
    test    rax, rax
    js      outcome
    dec     ebx
    jnz     .next
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
