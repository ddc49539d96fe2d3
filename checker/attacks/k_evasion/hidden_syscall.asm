; attack: hides a system call inside another instruction
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; Read from its beginning the instruction loads a number, and no `syscall` is to
; be seen. Jumped into its middle, the number is one. Nobody looks for such
; bytes here, because nobody could find them all: the kernel looks at the call.

%include "attack.inc"

    section .rodata
path:
    db      "secret", 0

    section .text
attack:
    mov     edi, AT_FDCWD
    lea     rsi, [rel path]
    xor     edx, edx
    mov     eax, SYS_openat
    call    .number + 1                 ; behind the opcode
    jmp     outcome
.number:
    mov     ecx, 0xc3050f               ; 0f 05 is syscall, c3 is ret
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
