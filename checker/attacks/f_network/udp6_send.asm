; attack: sends a datagram by the newer protocol
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: IPv6
;
; Firewalls that know IPv4 only are still around.

%include "attack.inc"

    section .data
    align   4
address:                                ; struct sockaddr_in6
    dw      AF_INET6
    db      7007 >> 8, 7007 & 0xff      ; the port, upper byte first
    dd      0
    times 15 db 0
    db      1                           ; ::1
    dd      0
ADDRESS_SIZE    equ $ - address

    section .text
attack:
    mov     edi, AF_INET6
    mov     esi, SOCK_DGRAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel address]
    mov     edx, ADDRESS_SIZE
    xor     r10d, r10d
    lea     r8, [rel address]
    mov     r9d, ADDRESS_SIZE
    mov     eax, SYS_sendto
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
