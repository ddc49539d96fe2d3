; attack: lays an answer in the socket before the question is asked
; works: the guest breaks the protocol
; contained: broken protocol or signal SIGSYS
;
; The next reader of the socket finds it there. Its number cannot be right,
; because nobody has drawn it yet.

%define OWN_PYINIT
%include "attack.inc"

    section .rodata
frame:
    db      '{"number":0,"content":"Imported"}'
FRAME_SIZE equ $ - frame

    section .text
PyInit_attack:
    mov     edi, 3                      ; the guest's socket
    lea     rsi, [rel frame]
    mov     edx, FRAME_SIZE
    mov     eax, SYS_write
    syscall
    jmp     make_module

attack:
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
