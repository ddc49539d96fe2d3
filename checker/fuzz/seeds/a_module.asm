; A module whose object file and shared object are seeds; its one method has a call to a name
; of its own, one through the PLT, a division, a store to a constant, and two ways out.
;
;   nasm -f elf64 -g -F dwarf -o object/a_module.o a_module.asm
;   ld -shared -z text -z noexecstack -z now -o shared/a_module.so object/a_module.o

    default rel

    extern PyLong_FromLong, PyModule_Create2

    global PyInit_answer

    section .rodata

name:
    db      "answer", 0

    section .data

methods:
    dq      name, answer
    dd      8, 0
    dq      0
    times 4 dq 0
definition:
    dq      1, 0, 0, 0, 0
    dq      name, 0, -1, methods
    times 4 dq 0

    section .text

PyInit_answer:
    lea     rdi, [definition]
    mov     esi, 1013
    jmp     PyModule_Create2 wrt ..plt

answer:
    push    rbx
    mov     eax, 84
    cqo
    mov     ebx, 2
    idiv    rbx
    mov     [name], al
    call    half
    test    eax, eax
    jz      .nothing
.again:
    dec     eax
    jnz     .again
    mov     rdi, rax
    call    PyLong_FromLong wrt ..plt
    pop     rbx
    ret
.nothing:
    xor     eax, eax
    pop     rbx
    ret

half:
    shr     eax, 1
    movaps  xmm0, [rdi + 8*rsi]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
