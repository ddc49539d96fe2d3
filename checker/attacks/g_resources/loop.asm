; attack: never returns
; works: no answer comes
; contained: time limit
;
; The oldest of all, and mostly no attack. Each request has a deadline, and the
; checker names the jump that closes the loop.

%include "attack.inc"

    section .text
attack:
    jmp     attack

    section .note.GNU-stack noalloc noexec nowrite progbits
