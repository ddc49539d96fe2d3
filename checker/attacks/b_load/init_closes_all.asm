; attack: closes every descriptor, to hide from whoever talks to it
; works: the guest breaks the protocol
; contained: broken protocol
;
; A worker that loses its connection may be taken for one that was stopped by
; the system, and be tried again and again. A guest that hangs up and lives on
; is ended, and its verdict says so.

%define OWN_PYINIT
%include "attack.inc"

    section .text
PyInit_attack:
    mov     ebx, 1023
.next:
    mov     edi, ebx
    mov     eax, SYS_close
    syscall
    dec     ebx
    jns     .next
    jmp     make_module

attack:
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
