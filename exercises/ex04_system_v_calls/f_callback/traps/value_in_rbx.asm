; must say: A002 rbx
; The comparison uses rbx, where qsort keeps something of its own.

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
    sub     rsp, 8                      ; brings rsp to a multiple of 16
    mov     edx, 8
    lea     rcx, [rel compare_longs]
    call    qsort wrt ..plt
    add     rsp, 8
    ret

; void sort_positions(position *positions, long count)
;
;   in      rdi = positions    rsi = count
sort_positions:
    sub     rsp, 8
    mov     edx, position_size
    lea     rcx, [rel compare_positions]
    call    qsort wrt ..plt
    add     rsp, 8
    ret

; int compare_longs(const long *a, const long *b)
;
;   in      rdi = a    rsi = b
;   out     eax = 1, 0 or -1: *a is greater, equal or less
; ANCHOR: compare
compare_longs:
    mov     rbx, [rdi]
    cmp     rbx, [rsi]
; ANCHOR_END: compare
    setg    al                          ; 1 if *a is greater, else 0
    setl    cl                          ; 1 if it is less, else 0
    movzx   eax, al
    movzx   ecx, cl
    sub     eax, ecx
    ret

; int compare_positions(const position *a, const position *b)
;
;   in      rdi = a    rsi = b
;   out     eax = 1, 0 or -1: a comes after b, is equal, comes before b
compare_positions:
    mov     eax, [rdi + position.z]
    cmp     eax, [rsi + position.z]
    jne     .decided
    mov     eax, [rdi + position.y]
    cmp     eax, [rsi + position.y]
    jne     .decided
    mov     eax, [rdi + position.x]
    cmp     eax, [rsi + position.x]
.decided:                               ; the flags are those of the last cmp
    setg    al
    setl    cl
    movzx   eax, al
    movzx   ecx, cl
    sub     eax, ecx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
