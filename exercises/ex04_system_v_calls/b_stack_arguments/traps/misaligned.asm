; must say: A004 at the call to weigh
; Four pushes leave rsp 8 off a multiple of 16, and the callee relies on it.

; >>> from scales import weigh, weigh_from
; >>> weigh(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
; 385
; >>> weigh_from(1)
; 385

%include "workbook.inc"

    default rel

workbook_module scales
workbook_function weigh, long, long, long, long, long, long, long, \
    long, long, long, long                      ; ten of them
workbook_function weigh_from, long, long        ; long weigh_from(long first)

    section .text

; long weigh(long a1, …, long a10)
;
;   in      rdi, rsi, rdx, rcx, r8, r9 = a1 to a6
;           the stack, above the return address = a7 to a10
;   out     rax = 1*a1 + 2*a2 + … + 10*a10
weigh:
    movaps  [rsp - 24], xmm0

    lea     rax, [rdi + 2 * rsi]
    imul    rdx, 3
    add     rax, rdx
    imul    rcx, 4
    add     rax, rcx
    imul    r8, 5
    add     rax, r8
    imul    r9, 6
    add     rax, r9

    imul    rcx, [rsp + 8], 7
    add     rax, rcx
    imul    rcx, [rsp + 16], 8
    add     rax, rcx
    imul    rcx, [rsp + 24], 9
    add     rax, rcx
    imul    rcx, [rsp + 32], 10
    add     rax, rcx
    ret

; long weigh_from(long first)
;
;   in      rdi = first
;   out     rax = weigh(first, first + 1, …, first + 9)
weigh_from:
    lea     rax, [rdi + 9]
    push    rax                         ; the last argument first
    lea     rax, [rdi + 8]
    push    rax
    lea     rax, [rdi + 7]
    push    rax
    lea     rax, [rdi + 6]
    push    rax
    lea     r9, [rdi + 5]
    lea     r8, [rdi + 4]
    lea     rcx, [rdi + 3]
    lea     rdx, [rdi + 2]
    lea     rsi, [rdi + 1]
    call    weigh                       ; <-- here
    add     rsp, 32                     ; the four arguments
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
