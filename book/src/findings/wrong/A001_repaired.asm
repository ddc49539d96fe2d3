; >>> example.seventh(1, 2, 3, 4, 5, 6, 7)
; 7

%include "workbook.inc"

    default rel

workbook_module example
workbook_function seventh, long, \
    long, long, long, long, long, long, long

    section .text

; long seventh(long a, long b, long c, long d, long e, long f, long g)
seventh:
    mov     rax, [rsp + 8]              ; g, above the return address
; ANCHOR: repair
    ret                                 ; g is for the caller to drop
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
