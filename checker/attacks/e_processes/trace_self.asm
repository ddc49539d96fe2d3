; attack: asks its parent to trace it
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
;
; A traced process stops at every signal until its parent lets it go on, and a
; parent that does not know of it waits for ever.

%include "attack.inc"

PTRACE_TRACEME  equ 0                   ; sys/ptrace.h

    section .text
attack:
    mov     edi, PTRACE_TRACEME
    mov     eax, SYS_ptrace
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
