; >>> from letterbox import the_box, put
; >>> put(258)
; >>> the_box()
; b'\x02\x01\x00\x00\x00\x00\x00\x00'

%include "workbook.inc"

    default rel

workbook_module letterbox
workbook_function put, void, long       ; void put(long value)
workbook_function the_box, bytes(8)     ; long *the_box(void)

    section .bss
box:        resq 1

    section .text
; ANCHOR: functions
; void put(long value)
put:
    mov     [rel box], rdi              ; a store: goes to the box
    ret

; long *the_box(void)
;
;   out     rax = the address of the box
the_box:
    lea     rax, [rel box]              ; tells where the box is
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
