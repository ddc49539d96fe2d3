; attack: prints eight megabytes
; works: it prints more than 1000000 bytes
; contained: errno EFBIG or signal SIGXFSZ
;
; What is printed has to be kept somewhere, and fills it. The guest's output is
; a file in memory with a limit on its size.

%include "attack.inc"

    section .text
attack:
    mov     ebx, 2048
.next:
    mov     edi, 1                      ; standard output
    lea     rsi, [rel buffer]
    mov     edx, BUFFER_SIZE
    mov     eax, SYS_write
    syscall
    test    rax, rax
    js      outcome
    dec     ebx
    jnz     .next
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
