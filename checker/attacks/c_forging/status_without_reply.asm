; attack: ends with the status by which a worker says that it could not reply
; works: the guest breaks the protocol
; contained: not passed
;
; A grader that runs such jobs again never finishes with this one. The status of
; a guest that ran a learner's code is a claim like everything else.

%include "attack.inc"

    section .text
attack:
    mov     edi, 70
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
