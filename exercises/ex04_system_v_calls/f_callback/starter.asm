; >>> from array import array
; >>> from sorting import sort
; >>> row = array("q", [30, 10, 20])
; >>> sort(row, 3)
; >>> row
; array('q', [10, 20, 30])

%include "workbook.inc"

    default rel

    extern  qsort

workbook_module sorting
workbook_function sort, void, buffer, long
workbook_function sort_positions, void, buffer, long

; typedef struct { int x; int y; int z; } position;
    struc position
.x:         resd 1
.y:         resd 1
.z:         resd 1
    endstruc

    section .text

; void sort(long *values, long count)
;
;   in      rdi = values    rsi = count
sort:
    ret                                 ; your code above this line

; void sort_positions(position *positions, long count)
;
;   in      rdi = positions    rsi = count
sort_positions:
    ret                                 ; your code above this line

; int compare_longs(const long *a, const long *b)
;
;   in      rdi = a    rsi = b
;   out     eax = positive, 0 or negative: *a is greater, equal or less
compare_longs:
    xor     eax, eax                    ; your code instead of this line
    ret

; int compare_positions(const position *a, const position *b)
;
;   in      rdi = a    rsi = b
;   out     eax = positive, 0 or negative: a comes after b, is equal, before b
compare_positions:
    xor     eax, eax                    ; your code instead of this line
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
