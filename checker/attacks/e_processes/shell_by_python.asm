; attack: has Python start a shell
; works: the file "executed" appears
; contained: signal SIGSYS or errno EACCES or in vain
;
; With all of Python at hand there is no need for assembly. Where the C API is
; restricted PyRun_SimpleString is refused before anything runs, and the
; filter does not care who makes a call.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "import posix", 10
    db      "posix.system(': > executed')", 0

    section .text
attack:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel source]
    call    PyRun_SimpleString wrt ..plt    ; 0, or -1
    add     rsp, 8
    inc     eax                         ; 1, or 0
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
