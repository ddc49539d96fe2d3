; attack: has a section that can be written and executed at once
; works: run() is 1
; contained: refused L009
;
; Code that rewrites itself is not the code that was looked at. Here a `ret`
; becomes the instruction that sets the answer. Such a section is refused before
; anything is linked.

%include "attack.inc"

    section .evil progbits alloc exec write
rewritten:
    xor     eax, eax
    ret
    nop
    nop
    nop

    section .text
attack:
    lea     rcx, [rel rewritten]
    mov     byte [rcx], 0xb8            ; mov eax, the next four bytes
    mov     dword [rcx + 1], 1
    mov     byte [rcx + 5], 0xc3        ; ret
    call    rcx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
