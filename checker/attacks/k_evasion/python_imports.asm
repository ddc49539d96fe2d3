; attack: imports a module from the disk
; works: run() is 1
; contained: in vain or signal SIGSYS
;
; `import` reads files, and runs what is in them. What a session needs is loaded
; before the guest is made.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "import sys; sys.path.insert(0, '.'); import neighbor", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt    ; 0, or -1
    add     rsp, 8
    inc     eax                         ; 1, or 0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
