; attack: kills its siblings, among them the zygote that makes the guests
; works: the zygote dies
; contained: signal SIGSYS or errno EACCES
;
; Process ids are small numbers in a row, so it tries those before its own. A
; checker whose zygote is gone can check nobody any more.

%include "attack.inc"

    section .text
attack:
    mov     eax, SYS_getppid
    syscall
    mov     ebp, eax                    ; spared
    mov     eax, SYS_getpid
    syscall
    mov     ebx, eax
    xor     r12d, r12d                  ; how many were killed
    mov     r13d, 16                    ; how many are tried
.next:
    dec     ebx
    jz      .done
    cmp     ebx, ebp
    je      .done
    mov     edi, ebx
    mov     esi, SIGKILL
    mov     eax, SYS_kill
    syscall
    test    rax, rax
    sete    cl
    movzx   ecx, cl
    add     r12d, ecx
    dec     r13d
    jnz     .next
.done:
    test    r12d, r12d
    jz      outcome
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
