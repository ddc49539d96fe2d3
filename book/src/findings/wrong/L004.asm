; >>> example.first()
; 1

%include "workbook.inc"

    default rel

    global  _DYNAMIC

workbook_module example
workbook_function first, long

    section .data
_DYNAMIC:
    dq      1

    section .text

; long first(void)
first:
    mov     rax, [rel _DYNAMIC]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
