; attack: writes the file that a grader is going to read results from
; works: the file "results.json" appears
; contained: errno EACCES or signal SIGSYS
;
; Where the tests write their results themselves, the tested code can too, and
; whoever writes last wins. The host keeps results in its own memory, and a
; guest cannot make a file anywhere.

%include "attack.inc"

    section .rodata
path:
    db      "results.json", 0
results:
    db      '{"score": 100}', 10
RESULTS_SIZE equ $ - results

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
    lea     rsi, [rel results]
    mov     edx, RESULTS_SIZE
    mov     eax, SYS_write
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
