; attack: puts an entry of its own into the table of segments
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with modify_ldt
;
; With 16-bit segments one reaches code of the kernel that nobody else has used
; for decades.

%include "attack.inc"

    section .data
    align   4
entry:                                  ; struct user_desc, asm/ldt.h
    dd      0, 0, 0xfffff, 0x51         ; a data segment of 32 bits

    section .text
attack:
    mov     edi, 1                      ; write
    lea     rsi, [rel entry]
    mov     edx, 16
    mov     eax, SYS_modify_ldt
    syscall
    movsxd  rax, eax
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
