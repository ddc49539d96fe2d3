; attack: leaves a key in the user's keyring for the next run
; works: the second run() is 2
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with keyrings
;
; Sandboxes that separate everything else have forgotten it: a keyring belongs
; to a user, whatever namespaces there are.

%include "attack.inc"

USER_KEYRING    equ -4                  ; linux/keyctl.h
KEYCTL_SEARCH   equ 10

    section .rodata
kind:
    db      "user", 0
name:
    db      "notes-of-an-attack", 0
text:
    db      "answer 3 is 42"
TEXT_SIZE   equ $ - text

    section .text
attack:
    mov     edi, KEYCTL_SEARCH
    mov     rsi, USER_KEYRING
    lea     rdx, [rel kind]
    lea     r10, [rel name]
    xor     r8d, r8d
    mov     eax, SYS_keyctl
    syscall
    test    rax, rax
    jns     .found
    lea     rdi, [rel kind]
    lea     rsi, [rel name]
    lea     rdx, [rel text]
    mov     r10d, TEXT_SIZE
    mov     r8, USER_KEYRING
    mov     eax, SYS_add_key
    syscall
    jmp     outcome
.found:
    mov     eax, 2
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
