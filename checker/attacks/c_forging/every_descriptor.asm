; attack: sends a right answer to every descriptor, one of which is the grader's
; works: a believing grader passes it
; contained: not passed
;
; The worker has to talk to its master through some descriptor, so 1024 writes
; find it. A reply has to repeat the number of its request, which is drawn anew
; for each, and a guest that speaks out of turn is ended.

%include "attack.inc"

    section .rodata
frame:
    db      '{"number":0,"content":{"Answered":{"Value":"42"}}}'
FRAME_SIZE equ $ - frame

    section .text
attack:
    mov     ebx, 1023
.next:
    mov     edi, ebx
    lea     rsi, [rel frame]
    mov     edx, FRAME_SIZE
    mov     eax, SYS_write
    syscall
    dec     ebx
    jns     .next
    xor     edi, edi
    mov     eax, SYS_exit_group
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
