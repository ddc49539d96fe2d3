; >>> from bits import bits_of, as_double
; >>> hex(bits_of(2.5))
; '0x4004000000000000'

%include "workbook.inc"

    default rel

workbook_module bits
workbook_function bits_of, ulong, double        ; unsigned long bits_of(double)
workbook_function as_double, double, long       ; double as_double(long)
workbook_function converted, double, long       ; double converted(long)

    section .text

; ANCHOR: functions
bits_of:
    movq    rax, xmm0                   ; the 64 bits as they are
    ret

as_double:
    movq    xmm0, rdi                   ; the 64 bits as they are
    ret

converted:
    cvtsi2sd xmm0, rdi                  ; the same number, in other bits
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
