; attack: has Python open a file
; works: run() is 1
; contained: in vain or signal SIGSYS
;
; Python's own checks are none. It asks the same kernel, gets the same answer,
; and raises a PermissionError.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "import posix", 10
    db      "posix.open('secret', 0)", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt    ; 0, or -1
    add     rsp, 8
    inc     eax                         ; 1, or 0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
