; attack: behaves for the first calls, and loses a register afterwards
; works: a believing grader passes it
; contained: not passed
;
; A module can count how often it was asked, and most tests ask once. After
; everything has passed the checker asks again, some times.

%define OWN_RUN
%include "attack.inc"

HONEST  equ 3                           ; so many calls are right

    section .data
    align   8
calls:
    dq      0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference
run:
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 42
    call    PyLong_FromLong wrt ..plt
    inc     qword [rel calls]
    cmp     qword [rel calls], HONEST
    jbe     .right
    xor     ebx, ebx                    ; the fault
.right:
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
