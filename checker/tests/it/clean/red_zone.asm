; A leaf function keeps things below rsp.
;
; >>> f(40)
; 42

%include "workbook.inc"

    default rel

workbook_module example
workbook_function f, long, long

    section .text

f:
    mov     [rsp - 8], rdi
    mov     qword [rsp - 128], 2
    mov     rax, [rsp - 8]
    add     rax, [rsp - 128]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
