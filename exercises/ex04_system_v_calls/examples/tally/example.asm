; >>> from tally import with_al, without_al
; >>> with_al(1.0, 2.0, 4.0)
; 7.0

%include "workbook.inc"

    default rel

workbook_module tally
workbook_function with_al, double, double, double, double
workbook_function without_al, double, double, double, double

    section .text

; ANCHOR: callee
; double tally(long count, ...)             the sum of count doubles, up to 4
;
;   in      rdi = count    xmm0 to xmm3 = the doubles
;           al = at least as many as there are doubles
;   out     xmm0 = their sum
tally:
    sub     rsp, 40
    test    al, al
    jz      .stored                     ; no doubles, nothing to store
    movsd   [rsp], xmm0
    movsd   [rsp + 8], xmm1
    movsd   [rsp + 16], xmm2
    movsd   [rsp + 24], xmm3
.stored:
    xorpd   xmm0, xmm0                  ; 0.0
    xor     ecx, ecx
.next:
    cmp     rcx, rdi
    jge     .done
    addsd   xmm0, [rsp + rcx * 8]
    inc     rcx
    jmp     .next
.done:
    add     rsp, 40
    ret
; ANCHOR_END: callee

; ANCHOR: callers
; double with_al(double a, double b, double c)
with_al:
    sub     rsp, 8
    mov     edi, 3
    mov     eax, 3                      ; three xmm registers are in use
    call    tally
    add     rsp, 8
    ret

; double without_al(double a, double b, double c)   wrong: see the page
without_al:
    sub     rsp, 8
    mov     edi, 3
    xor     eax, eax
    call    tally
    add     rsp, 8
    ret
; ANCHOR_END: callers

    section .note.GNU-stack noalloc noexec nowrite progbits
