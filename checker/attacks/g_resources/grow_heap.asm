; attack: grows the heap by 4 GB
; works: run() is 1
; contained: errno ENOMEM
; needs: as much memory to promise
;
; brk is the older way to memory, and a filter on mmap does not see it.
; RLIMIT_AS counts both. It fails by returning the old end.

%include "attack.inc"

ENOMEM      equ 12

    section .text
attack:
    xor     edi, edi
    mov     eax, SYS_brk
    syscall                             ; the end of the heap
    mov     rbx, rax
    mov     rcx, 4 << 30
    lea     rdi, [rax + rcx]
    mov     eax, SYS_brk
    syscall
    cmp     rax, rbx
    mov     eax, 1
    mov     rcx, -ENOMEM
    cmove   rax, rcx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
