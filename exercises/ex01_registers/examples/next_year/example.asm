; >>> from next_year import next_year
; >>> next_year(1991)
; 1992

%include "workbook.inc"

    default rel

; ANCHOR: glue
workbook_module next_year
workbook_function next_year, int, int   ; int next_year(int year)
; ANCHOR_END: glue

    section .text

; ANCHOR: function
; int next_year(int year)
;
;   in      edi = year, with anything above it
;   out     eax = year + 1
next_year:
    mov     eax, edi
    add     eax, 1
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
