; attack: ends the process with status 0 before a test can run
; works: the process exits with status 0
; contained: not passed
;
; Status 0 means success to every tool, and a grader that looks no further
; passes a module that was never asked. The host counts answers, and a guest
; that ends without the last one has failed.

%define OWN_PYINIT
%include "attack.inc"

    section .text
PyInit_attack:
    xor     edi, edi
    mov     eax, SYS_exit_group
    syscall

attack:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
