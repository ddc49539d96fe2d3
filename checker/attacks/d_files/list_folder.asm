; attack: lists the folder it runs in
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Names of files say which tests there are. A folder has to be opened to be
; listed, and that is refused.

%include "attack.inc"

    section .rodata
here:
    db      ".", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel here]
    mov     edx, O_DIRECTORY
    mov     eax, SYS_openat
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel buffer]
    mov     edx, BUFFER_SIZE
    mov     eax, SYS_getdents
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
