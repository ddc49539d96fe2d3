; attack: makes its system calls by a function of the C library
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; No `syscall` is anywhere in the file, not even hidden.

%include "attack.inc"

    extern  syscall

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, SYS_openat
    mov     esi, AT_FDCWD
    lea     rdx, [rel path]
    xor     ecx, ecx
    xor     eax, eax
    call    $syscall wrt ..plt          ; a name here, and no instruction
    add     rsp, 8
    cmp     rax, -1                     ; and errno is set
    jne     outcome
    mov     rax, -EACCES
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
