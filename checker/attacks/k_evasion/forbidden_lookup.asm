; attack: asks the loader for a function that the exercise does not allow
; works: run() is 1
; contained: refused L010
; allowed: PyModule_Create2, PyLong_FromLong
;
; With dlsym one names functions at run time, in data, where nobody looks. It is
; a name of its own in the list of what the module wants, and not allowed.

%include "attack.inc"

    extern  dlsym

    section .rodata
name:
    db      "PyRun_SimpleString", 0
source:
    db      "pass", 0

    section .text
attack:
    push    rbx                         ; rsp to a multiple of 16
    xor     edi, edi                    ; RTLD_DEFAULT
    lea     rsi, [rel name]
    call    dlsym wrt ..plt
    lea     rdi, [rel source]
    call    rax                         ; 0, or -1
    inc     eax                         ; 1, or 0
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
