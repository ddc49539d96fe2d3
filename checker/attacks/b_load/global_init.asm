; attack: runs code at load time by a function's name alone
; works: the file "made" appears
; contained: refused L008
;
; ld makes a global function `_init` the entry DT_INIT, which the loader calls.
; No section tells of it, so the names are looked at too.

%include "attack.inc"

    global  _init

    section .rodata
made:
    db      "made", 0

    section .text
_init:
    mov     edi, AT_FDCWD
    lea     rsi, [rel made]
    mov     edx, O_WRONLY | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    ret

attack:
    xor     eax, eax                    ; it is all done already
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
