; attack: makes its output a gigabyte long without writing it
; works: run() is 1
; contained: errno EFBIG or signal SIGSYS or signal SIGXFSZ
;
; ftruncate makes a hole, and a reader who reads to the end reads zeros for
; minutes. Only the beginning of an output is read.

%include "attack.inc"

    section .text
attack:
    mov     edi, 1                      ; standard output
    mov     esi, 1 << 30
    mov     eax, SYS_ftruncate
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
