; >>> from digits import digits, countdown, spread
; >>> digits(1, 2, 3, 4, 5, 6, 7, 8)
; 12345678
; >>> countdown()
; 87654321
; >>> from array import array
; >>> spread(array("q", [3, 1, 4, 1, 5, 9, 2, 6]))
; 31415926

%include "workbook.inc"

    default rel

workbook_module digits
workbook_function digits, long, long, long, long, long, long, long, long, long
workbook_function countdown, long               ; long countdown(void)
workbook_function spread, long, buffer          ; long spread(const long *row)

    section .text

; long digits(long a, long b, …, long h)
;
;   in      rdi, rsi, rdx, rcx, r8, r9 = a to f    the stack = g and h
;   out     rax = the number with these decimal digits
digits:
    mov     rax, rdi
    imul    rax, 10
    add     rax, rsi
    imul    rax, 10
    add     rax, rdx
    imul    rax, 10
    add     rax, rcx
    imul    rax, 10
    add     rax, r8
; ANCHOR: callee
    imul    rax, 10
    add     rax, r9                     ; the sixth argument
    imul    rax, 10
    add     rax, [rsp + 8]              ; the seventh
    imul    rax, 10
    add     rax, [rsp + 16]             ; the eighth
    ret
; ANCHOR_END: callee

; ANCHOR: caller
; long countdown(void)
;
;   out     rax = digits(8, 7, 6, 5, 4, 3, 2, 1)
countdown:
    sub     rsp, 8
    push    1                           ; the eighth argument
    push    2                           ; the seventh, on top of it
    mov     r9d, 3
    mov     r8d, 4
    mov     ecx, 5
    mov     edx, 6
    mov     esi, 7
    mov     edi, 8
    call    digits
    add     rsp, 24
    ret
; ANCHOR_END: caller

; ANCHOR: spread
; long spread(const long *row)
;
;   in      rdi = row, eight longs
;   out     rax = digits(row[0], …, row[7])
spread:
    sub     rsp, 8
    push    qword [rdi + 56]            ; the eighth argument
    push    qword [rdi + 48]            ; the seventh
    mov     r9, [rdi + 40]
    mov     r8, [rdi + 32]
    mov     rcx, [rdi + 24]
    mov     rdx, [rdi + 16]
    mov     rsi, [rdi + 8]
    mov     rdi, [rdi]                  ; last: it was the address of all
    call    digits
    add     rsp, 24
    ret
; ANCHOR_END: spread

    section .note.GNU-stack noalloc noexec nowrite progbits
