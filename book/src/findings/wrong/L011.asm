; >>> example.pick(1)
; 42

%include "workbook.inc"

    default rel

    section .rodata
first:      dq 41
second:     dq 42
answers:    dq first, second

workbook_module example
workbook_function pick, long, long

    section .text

; long pick(long i)
pick:
    lea     rax, [rel answers]
    mov     rax, [rax + rdi * 8]        ; the address of an answer
    mov     rax, [rax]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
