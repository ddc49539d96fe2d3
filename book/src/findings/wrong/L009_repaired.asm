; >>> example.calls()
; 1
; >>> example.calls()
; 2

%include "workbook.inc"

    default rel

workbook_module example
workbook_function calls, long

; ANCHOR: repair
    section .data
; ANCHOR_END: repair
counter:
    dq      0

    section .text

; long calls(void)
calls:
    inc     qword [rel counter]
    mov     rax, [rel counter]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
