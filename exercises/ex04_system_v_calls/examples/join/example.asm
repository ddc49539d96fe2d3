; >>> from join import join
; >>> join(bytearray(20), b"some", b"thing")
; b'something'

%include "workbook.inc"

    default rel

    extern  strlen, memcpy

workbook_module join
workbook_function join, string, buffer, buffer, buffer

    section .text

; ANCHOR: join
; char *join(char *out, const char *first, const char *second)
;
;   in      rdi = out    rsi = first    rdx = second
;   out     rax = out, which holds first, second and a zero byte
;   keeps   rbx = out    r12 = first    r13 = second
;           r14 = where second goes, later its length and the zero
join:
    push    rbx
    push    r12
    push    r13
    push    r14
    sub     rsp, 8                      ; four pushes and 8 bytes
    mov     rbx, rdi
    mov     r12, rsi
    mov     r13, rdx

    mov     rdi, r12
    call    strlen wrt ..plt
    lea     r14, [rbx + rax]            ; right behind first
    mov     rdi, rbx
    mov     rsi, r12
    mov     rdx, rax
    call    memcpy wrt ..plt

    mov     rdi, r13
    call    strlen wrt ..plt
    mov     rdi, r14
    mov     rsi, r13
    lea     rdx, [rax + 1]              ; with its zero byte
    call    memcpy wrt ..plt

    mov     rax, rbx
    add     rsp, 8
    pop     r14
    pop     r13
    pop     r12
    pop     rbx
    ret
; ANCHOR_END: join

    section .note.GNU-stack noalloc noexec nowrite progbits
