; >>> from letters import sort_letters
; >>> word = bytearray(b"register")
; >>> sort_letters(word, 8)
; >>> word
; bytearray(b'eegirrst')

%include "workbook.inc"

    default rel

workbook_module letters
workbook_function sort_letters, void, buffer, long

; ANCHOR: sort
    extern  qsort

    section .text

; void sort_letters(unsigned char *letters, long count)
;
;   in      rdi = letters    rsi = count
sort_letters:
    sub     rsp, 8                      ; brings rsp to a multiple of 16
    mov     edx, 1                      ; bytes in an element
    lea     rcx, [rel compare_letters]
    call    qsort wrt ..plt
    add     rsp, 8
    ret
; ANCHOR_END: sort

; ANCHOR: compare
; int compare_letters(const unsigned char *a, const unsigned char *b)
;
;   in      rdi = a    rsi = b
;   out     eax = *a - *b
compare_letters:
    movzx   eax, byte [rdi]
    movzx   ecx, byte [rsi]
    sub     eax, ecx                    ; from -255 to 255: its sign is right
    ret
; ANCHOR_END: compare

    section .note.GNU-stack noalloc noexec nowrite progbits
