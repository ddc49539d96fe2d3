; >>> from struct import unpack
; >>> from dozens import order_of
; >>> unpack("3l", order_of(bytearray(24), 157))
; (1, 1, 1)

%include "workbook.inc"

    default rel

workbook_module dozens
workbook_function order_of, bytes(24), buffer, long     ; order order_of(long)

; typedef struct { long gross; long dozens; long eggs; } order;
    struc order
.gross:     resq 1
.dozens:    resq 1
.eggs:      resq 1
    endstruc

    section .text

; ANCHOR: function
; order order_of(long eggs)                 eggs is not negative
;
;   in      rdi = room for an order    rsi = eggs
;   out     rax = the same address
order_of:
    mov     rax, rsi
    xor     edx, edx
    mov     ecx, 144
    div     rcx
    mov     [rdi + order.gross], rax
    mov     rax, rdx                    ; the eggs that are left
    xor     edx, edx
    mov     ecx, 12
    div     rcx
    mov     [rdi + order.dozens], rax
    mov     [rdi + order.eggs], rdx
    mov     rax, rdi
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
