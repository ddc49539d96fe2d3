; attack: connects by multipath TCP
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with multipath TCP
;
; Landlock's rules for TCP do not cover MPTCP, which is TCP by another number.
; The filter allows no socket.

%include "attack.inc"

    section .data
    align   4
address:                                ; struct sockaddr_in
    dw      AF_INET
    db      7007 >> 8, 7007 & 0xff      ; the port, upper byte first
    db      127, 0, 0, 1
    times 8 db 0

    section .text
attack:
    mov     edi, AF_INET
    mov     esi, SOCK_STREAM
    mov     edx, IPPROTO_MPTCP
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, 16
    mov     eax, SYS_connect
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
