; attack: has the kernel tell it what happens in the grader's folder
; works: run() is 1
; contained: errno EACCES or signal SIGSYS
;
; inotify tells when which test is read, without opening anything. Landlock
; does not cover it.

%include "attack.inc"

    section .rodata
here:
    db      ".", 0

IN_ALL_EVENTS   equ 0xfff               ; sys/inotify.h

    section .text
attack:
    mov     eax, SYS_inotify_init
    syscall
    test    rax, rax
    js      outcome
    mov     edi, eax
    lea     rsi, [rel here]
    mov     edx, IN_ALL_EVENTS
    mov     eax, SYS_inotify_add_watch
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
