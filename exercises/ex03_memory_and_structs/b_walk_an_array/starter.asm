; >>> from array import array
; >>> from rows import total
; >>> total(array("q", [10, 20, 30]), 3)
; 60

%include "workbook.inc"

    default rel

workbook_module rows
workbook_function total, long, buffer, long
workbook_function total_of_ints, long, buffer, long
workbook_function reverse, void, buffer, long

    section .text

; long total(const long *values, long count)
;
;   in      rdi = values    rsi = count
;   out     rax = the sum
total:
    mov     rax, [rdi]                  ; the first element: your code instead
    ret

; long total_of_ints(const int *values, long count)
;
;   in      rdi = values    rsi = count
;   out     rax = the sum
total_of_ints:
    xor     eax, eax                    ; your code instead of this line
    ret

; void reverse(long *values, long count)
;
;   in      rdi = values    rsi = count
reverse:
    ret                                 ; your code above this line

    section .note.GNU-stack noalloc noexec nowrite progbits
