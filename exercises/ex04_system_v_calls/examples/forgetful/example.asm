; >>> from forgetful import two_cubes
; >>> two_cubes(9, 10)                  # 729 + 1000, one should think
; 532170

%include "workbook.inc"

    default rel

workbook_module forgetful
workbook_function cube, long, long              ; long cube(long n)
workbook_function two_cubes, long, long, long   ; long two_cubes(long a, long b)

    section .text

; ANCHOR: cube
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
; ANCHOR_END: cube

; ANCHOR: two_cubes
; long two_cubes(long a, long b)            wrong: see the page
;
;   in      rdi = a    rsi = b
two_cubes:
    sub     rsp, 8
    call    cube                        ; a is in rdi already
    mov     rcx, rax
    mov     rdi, rsi                    ; b, or so we think
    call    cube
    add     rax, rcx
    add     rsp, 8
    ret
; ANCHOR_END: two_cubes

    section .note.GNU-stack noalloc noexec nowrite progbits
