; attack: talks to the machine around a virtual machine
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with vsock
;
; AF_VSOCK leads out of a virtual machine, and network namespaces do not
; separate it.

%include "attack.inc"

    section .text
attack:
    mov     edi, AF_VSOCK
    mov     esi, SOCK_STREAM
    xor     edx, edx
    mov     eax, SYS_socket
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
