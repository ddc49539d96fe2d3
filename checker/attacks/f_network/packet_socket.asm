; attack: listens to all packets of the network
; works: run() is 1
; contained: signal SIGSYS or errno EACCES or errno EPERM
; needs: root, or a namespace in which it is root
;
; Whoever reads raw packets reads what everybody on the machine sends.

%include "attack.inc"

    section .text
attack:
    mov     edi, AF_PACKET
    mov     esi, SOCK_RAW
    mov     edx, 0x0300                 ; every protocol, upper byte first
    mov     eax, SYS_socket
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
