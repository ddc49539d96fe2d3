; >>> from two_cubes import two_cubes
; >>> two_cubes(9, 10) == two_cubes(1, 12) == 1729
; True

%include "workbook.inc"

    default rel

workbook_module two_cubes
workbook_function two_cubes, long, long, long   ; long two_cubes(long a, long b)

    section .text

; long cube(long n)
;
;   in      rdi = n
;   out     rax = n * n * n
cube:
    mov     rsi, rdi
    imul    rsi, rdi                    ; rsi = n * n
    mov     rax, rsi
    imul    rax, rdi
    ret

; ANCHOR: two_cubes
; long two_cubes(long a, long b)
;
;   in      rdi = a    rsi = b
;   out     rax = a * a * a + b * b * b
;   keeps   rbx = b across the first call    r12 = the first cube
two_cubes:
    push    rbx                         ; not ours: the caller's values,
    push    r12                         ; put away until the end
    sub     rsp, 8                      ; the next page tells why

    mov     rbx, rsi
    call    cube
    mov     r12, rax
    mov     rdi, rbx
    call    cube
    add     rax, r12

    add     rsp, 8
    pop     r12
    pop     rbx
    ret
; ANCHOR_END: two_cubes

    section .note.GNU-stack noalloc noexec nowrite progbits
