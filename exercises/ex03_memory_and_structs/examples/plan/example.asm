; >>> from plan import size_of_rectangle, offset_of_height
; >>> size_of_rectangle(), offset_of_height()
; (8, 4)

%include "workbook.inc"

    default rel

workbook_module plan
workbook_function size_of_rectangle, long       ; long size_of_rectangle(void)
workbook_function offset_of_height, long        ; long offset_of_height(void)

; ANCHOR: struc
; typedef struct { int width; int height; } rectangle;
    struc rectangle
.width:     resd 1
.height:    resd 1
    endstruc
; ANCHOR_END: struc

    section .text
; ANCHOR: functions
size_of_rectangle:
    mov     eax, rectangle_size
    ret

offset_of_height:
    mov     eax, rectangle.height
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
