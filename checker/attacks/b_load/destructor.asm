; attack: leaves code behind that runs when the process ends
; works: the file "made" appears
; contained: refused L008
;
; `.fini_array` runs in exit(), when the tests are over and their results may
; just be written. The guest leaves by _exit, which runs nothing, and the
; section is refused besides. Here `run` itself calls exit to show the effect.

%include "attack.inc"

    extern  exit

    section .rodata
made:
    db      "made", 0

    section .fini_array write
    dq      destructor

    section .text
destructor:
    mov     edi, AT_FDCWD
    lea     rsi, [rel made]
    mov     edx, O_WRONLY | O_CREAT
    mov     r10d, 0o644
    mov     eax, SYS_openat
    syscall
    ret

attack:
    xor     edi, edi
    call    exit wrt ..plt

    section .note.GNU-stack noalloc noexec nowrite progbits
