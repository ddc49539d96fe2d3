; attack: makes code in new memory, and runs it
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; The same with memory of its own, as compilers at run time have it.

%include "attack.inc"

    section .text
attack:
    xor     edi, edi
    mov     esi, 4096
    mov     edx, PROT_READ | PROT_WRITE | PROT_EXEC
    mov     r10d, MAP_PRIVATE | MAP_ANONYMOUS
    mov     r8, -1
    xor     r9d, r9d
    mov     eax, SYS_mmap
    syscall
    test    rax, rax
    js      outcome
    mov     byte [rax], 0xb8            ; mov eax, the next four bytes
    mov     dword [rax + 1], 1
    mov     byte [rax + 5], 0xc3        ; ret
    call    rax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
