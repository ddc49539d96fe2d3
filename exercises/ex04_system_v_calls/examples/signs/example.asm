; >>> from signs import sign
; >>> [sign(n) for n in (-7, 0, 7)]
; [-1, 0, 1]

%include "workbook.inc"

    default rel

workbook_module signs
workbook_function sign, int, long               ; int sign(long n)

    section .text

; ANCHOR: function
; int sign(long n)
;
;   in      rdi = n
;   out     eax = 1, 0 or -1
sign:
    cmp     rdi, 0
    setg    al                          ; 1 if n is greater, else 0
    setl    cl                          ; 1 if n is less, else 0
    movzx   eax, al
    movzx   ecx, cl
    sub     eax, ecx
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
