; attack: makes a thousand files
; works: the file "999" appears
; contained: errno EACCES or signal SIGSYS
;
; Small files use up a disk's table of files long before its space. No limit of
; a process stops that, so making files is refused altogether.

%include "attack.inc"

    section .data
path:
    db      "000", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    mov     edx, O_WRONLY | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    mov     eax, SYS_close
    syscall
    inc     byte [rel path + 2]         ; the next name
    cmp     byte [rel path + 2], "9"
    jbe     attack
    mov     byte [rel path + 2], "0"
    inc     byte [rel path + 1]
    cmp     byte [rel path + 1], "9"
    jbe     attack
    mov     byte [rel path + 1], "0"
    inc     byte [rel path]
    cmp     byte [rel path], "9"
    jbe     attack
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
