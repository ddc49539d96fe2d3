; attack: keeps a text in the kernel's keyring
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with keyrings
;
; A key of the user's outlives every process, and the next run can read it.

%include "attack.inc"

KEY_SPEC_PROCESS    equ -2              ; linux/keyctl.h

    section .rodata
kind:
    db      "user", 0
name:
    db      "note", 0
text:
    db      "answer 3 is 42"
TEXT_SIZE   equ $ - text

    section .text
attack:
    lea     rdi, [rel kind]
    lea     rsi, [rel name]
    lea     rdx, [rel text]
    mov     r10d, TEXT_SIZE
    mov     r8, KEY_SPEC_PROCESS
    mov     eax, SYS_add_key
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
