; attack: talks to the kernel about the network
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; By netlink one reads the machine's addresses, routes and neighbors, and root
; changes them.

%include "attack.inc"

    section .text
attack:
    mov     edi, AF_NETLINK
    mov     esi, SOCK_RAW
    xor     edx, edx                    ; NETLINK_ROUTE
    mov     eax, SYS_socket
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
