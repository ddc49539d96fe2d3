; >>> from sums_by_lea import add, times_five
; >>> add(40, 2), times_five(8)
; (42, 40)

%include "workbook.inc"

    default rel

workbook_module sums_by_lea
workbook_function add, long, long, long
workbook_function times_five, long, long
workbook_function seats, long, long, long

    section .text

; ANCHOR: functions
; long add(long a, long b)
add:
    lea     rax, [rdi + rsi]
    ret

; long times_five(long n)
times_five:
    lea     rax, [rdi + rdi * 4]
    ret

; long seats(long first, long rows): four in a row, and 2 in the aisle
seats:
    lea     rax, [rdi + rsi * 4 + 2]
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
