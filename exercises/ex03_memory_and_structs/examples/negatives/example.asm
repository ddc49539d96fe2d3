; >>> from array import array
; >>> from negatives import negatives
; >>> negatives(array("q", [5, -3, 0, -1]), 4)
; 2

%include "workbook.inc"

    default rel

workbook_module negatives
workbook_function negatives, long, buffer, long

    section .text

; ANCHOR: function
; long negatives(const long *values, long count)
;
;   in      rdi = values    rsi = count
;   out     rax = how many of them are below zero
negatives:
    xor     eax, eax                    ; how many we have met
    xor     ecx, ecx                    ; the index
.next:
    cmp     rcx, rsi
    jge     .done                       ; count elements are behind us
    cmp     qword [rdi + rcx * 8], 0
    jge     .counted
    inc     rax
.counted:
    inc     rcx
    jmp     .next
.done:
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
