; >>> from seventh import by_rsp, by_rbp, all_of_it, an_int
; >>> by_rsp(1, 2, 3, 4, 5, 6, 7), by_rbp(1, 2, 3, 4, 5, 6, 7)
; (7, 7)

%include "workbook.inc"

    default rel

workbook_module seventh
workbook_function by_rsp, long, long, long, long, long, long, long, long
workbook_function by_rbp, long, long, long, long, long, long, long, long
workbook_function all_of_it, ulong, long, long, long, long, long, long, int
workbook_function an_int, long, long, long, long, long, long, long, int

    section .text

; ANCHOR: functions
by_rsp:
    mov     rax, [rsp + 8]
    ret

by_rbp:
    push    rbp
    mov     rbp, rsp
    mov     rax, [rbp + 16]             ; past the old rbp, and home
    pop     rbp
    ret
; ANCHOR_END: functions

; ANCHOR: int
; unsigned long all_of_it(long a, …, long f, int g)      wrong: see the page
all_of_it:
    mov     rax, [rsp + 8]              ; eight bytes
    ret

; long an_int(long a, …, long f, int g)
an_int:
    movsxd  rax, dword [rsp + 8]        ; four bytes, and their sign
    ret
; ANCHOR_END: int

    section .note.GNU-stack noalloc noexec nowrite progbits
