; attack: runs code while the file is loaded, before any rule applies
; works: the file "made" appears
; contained: refused L008
;
; The loader calls what `.init_array` lists inside dlopen, which comes before
; Python knows of a module, and in many sandboxes before they are complete.
; The object file is looked at before it is linked: such a section is refused.

%include "attack.inc"

    section .rodata
made:
    db      "made", 0

    section .init_array write
    dq      constructor

    section .text
constructor:
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
