; attack: prints that everything passed, and ends the process with status 0
; works: a believing grader passes it
; contained: not passed
;
; Most graders run tests and learner's code in one process, and read what it
; prints or how it ended. Here nothing that a module prints counts, and a guest
; that ends early has failed.

%include "attack.inc"

    section .rodata
passed:
    db      "passed", 10
PASSED_SIZE equ $ - passed

    section .text
attack:
    mov     edi, 1                      ; standard output
    lea     rsi, [rel passed]
    mov     edx, PASSED_SIZE
    mov     eax, SYS_write
    syscall
    xor     edi, edi
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
