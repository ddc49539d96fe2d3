; attack: sends an answer of its own before the real one
; works: a believing grader passes it
; contained: not passed
;
; A grader that takes the first frame for the answer is a question behind from
; then on, and marks what it was told to mark. One request has one reply, and
; every frame has its number.

%include "attack.inc"

    section .rodata
frame:
    db      '{"number":1,"content":{"Answered":{"Value":"42"}}}'
FRAME_SIZE equ $ - frame

    section .text
attack:
    mov     edi, 3                      ; the guest's socket
    lea     rsi, [rel frame]
    mov     edx, FRAME_SIZE
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_sendto
    syscall
    mov     eax, 1
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
