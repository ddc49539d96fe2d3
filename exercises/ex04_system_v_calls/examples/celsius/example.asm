; >>> from celsius import fahrenheit
; >>> fahrenheit(100.0)
; 212.0

%include "workbook.inc"

    default rel

workbook_module celsius
workbook_function fahrenheit, double, double    ; double fahrenheit(double)

; ANCHOR: function
    section .rodata
factor:     dq 1.8
freezing:   dq 32.0

    section .text

; double fahrenheit(double celsius)
;
;   in      xmm0 = celsius
;   out     xmm0 = celsius * 1.8 + 32
fahrenheit:
    mulsd   xmm0, [rel factor]
    addsd   xmm0, [rel freezing]
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
