; attack: has Python take 700 megabytes
; works: run() is 1
; contained: in vain
;
; Python asks the same kernel for memory, and gets a MemoryError.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "bytes(700 << 20)", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt    ; 0, or -1
    add     rsp, 8
    inc     eax                         ; 1, or 0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
