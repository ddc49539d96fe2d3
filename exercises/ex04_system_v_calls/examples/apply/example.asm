; >>> from array import array
; >>> from apply import double_each
; >>> row = array("q", [1, 2, 3])
; >>> double_each(row, 3)
; >>> row
; array('q', [2, 4, 6])

%include "workbook.inc"

    default rel

workbook_module apply
workbook_function double_each, void, buffer, long
workbook_function negate_each, void, buffer, long

    section .text

; ANCHOR: callbacks
; long doubled(long n)
doubled:
    lea     rax, [rdi + rdi]
    ret

; long negated(long n)
negated:
    mov     rax, rdi
    neg     rax
    ret
; ANCHOR_END: callbacks

; ANCHOR: apply
; void apply(long *values, long count, long (*function)(long))
;
;   in      rdi = values    rsi = count    rdx = function
;   keeps   rbx = the next element    r12 = where the array ends
;           r13 = function
apply:
    push    rbx
    push    r12
    push    r13                         ; three: rsp is a multiple of 16
    mov     rbx, rdi
    lea     r12, [rdi + rsi * 8]
    mov     r13, rdx
.next:
    cmp     rbx, r12
    jae     .done
    mov     rdi, [rbx]
    call    r13                         ; whatever function that is
    mov     [rbx], rax
    add     rbx, 8
    jmp     .next
.done:
    pop     r13
    pop     r12
    pop     rbx
    ret
; ANCHOR_END: apply

; ANCHOR: callers
; void double_each(long *values, long count)
double_each:
    lea     rdx, [rel doubled]
    jmp     apply                       ; apply returns to our caller

; void negate_each(long *values, long count)
negate_each:
    lea     rdx, [rel negated]
    jmp     apply
; ANCHOR_END: callers

    section .note.GNU-stack noalloc noexec nowrite progbits
