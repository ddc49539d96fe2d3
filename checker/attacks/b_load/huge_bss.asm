; attack: asks the loader for a gigabyte and a half that no file contains
; works: run() is 1
; contained: import fails
;
; A section of zeros costs nothing in a file. Every page of it is there once it
; is touched. The address space of a guest is limited, so it cannot be mapped.

%include "attack.inc"

HUGE        equ 0x60000000

    section .bss
huge:
    resb    HUGE

    section .text
attack:
    lea     rcx, [rel huge]
    mov     byte [rcx + HUGE - 1], 1
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
