; attack: opens a second way into the kernel
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: a kernel with io_uring
;
; io_uring takes orders from memory: open, read, connect, without one system
; call for each. A filter of calls does not see them, so the ring itself is
; refused.

%include "attack.inc"

    section .text
attack:
    mov     edi, 4                      ; room for so many orders
    lea     rsi, [rel buffer]           ; struct io_uring_params, of zeros
    mov     eax, SYS_io_uring_setup
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
