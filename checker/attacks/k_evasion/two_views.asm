; attack: maps one piece of memory twice, once to write it and once to run it
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; Where memory that is writable and executable at once is refused, two views of
; it may not be. Here no new memory is executable, and no file can be made.

%include "attack.inc"

    section .rodata
name:
    db      "code", 0
code:
    db      0xb8, 1, 0, 0, 0, 0xc3      ; mov eax, 1; ret
CODE_SIZE   equ $ - code

    section .text
attack:
    lea     rdi, [rel name]
    xor     esi, esi
    mov     eax, SYS_memfd_create
    syscall
    test    rax, rax
    js      outcome
    mov     ebx, eax
    mov     edi, eax
    lea     rsi, [rel code]
    mov     edx, CODE_SIZE
    mov     eax, SYS_write
    syscall
    xor     edi, edi
    mov     esi, 4096
    mov     edx, PROT_READ | PROT_EXEC
    mov     r10d, MAP_SHARED
    mov     r8d, ebx
    xor     r9d, r9d
    mov     eax, SYS_mmap
    syscall
    test    rax, rax
    js      outcome
    call    rax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
