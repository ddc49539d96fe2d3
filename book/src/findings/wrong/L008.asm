; >>> example.answer()
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function answer, long

    section .bss
number:
    resq    1

    section .init_array
    dq      prepare

    section .text

prepare:
    mov     qword [rel number], 42
    ret

; long answer(void)
answer:
    mov     rax, [rel number]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
