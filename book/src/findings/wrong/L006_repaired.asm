; >>> example.size_of_int() == int.__basicsize__
; True

%include "workbook.inc"

    default rel

    extern  PyLong_Type

workbook_module example
workbook_function size_of_int, long

TP_BASICSIZE    equ 32                  ; its offset in a PyTypeObject

    section .text

; long size_of_int(void)
size_of_int:
; ANCHOR: repair
    mov     rax, [rel PyLong_Type wrt ..got]
    mov     rax, [rax + TP_BASICSIZE]
; ANCHOR_END: repair
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
