; attack: never returns from PyInit
; works: no answer comes
; contained: time limit
;
; Time limits that only surround the tests do not see the import. Every request
; to a guest has its deadline, and the import is one of them.

%define OWN_PYINIT
%include "attack.inc"

    section .text
PyInit_attack:
    jmp     PyInit_attack

attack:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
