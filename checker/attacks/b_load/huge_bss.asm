; attack: asks the loader for 64 GB that no file contains
; works: run() is 1
; contained: import fails
;
; A section of zeros costs nothing in a file. Every page of it is there once it
; is touched. The address space of a guest is limited, so it cannot be mapped.

%include "attack.inc"

    section .bss
huge:
    resb    0x1000000000

    section .text
attack:
    lea     rcx, [rel huge]
    mov     rdx, 0xfffffff00            ; near its end
    mov     byte [rcx + rdx], 1
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
