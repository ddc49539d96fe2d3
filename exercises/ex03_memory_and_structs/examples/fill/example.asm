; >>> from array import array
; >>> from fill import fill
; >>> row = array("q", [1, 2, 3])
; >>> fill(row, 2, 7)
; >>> row
; array('q', [7, 7, 3])

%include "workbook.inc"

    default rel

workbook_module fill
workbook_function fill, void, buffer, long, long

    section .text

; ANCHOR: function
; void fill(long *values, long count, long value)
;
;   in      rdi = values, then the next element    rsi = count
;           rdx = value
fill:
    lea     rsi, [rdi + rsi * 8]        ; where the array ends
.next:
    cmp     rdi, rsi
    jae     .done                       ; above or equal: no sign
    mov     [rdi], rdx
    add     rdi, 8                      ; to the next element
    jmp     .next
.done:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
