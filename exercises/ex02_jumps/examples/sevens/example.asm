; >>> from sevens import sevens
; >>> sevens(1977)
; 2

%include "workbook.inc"

    default rel

workbook_module sevens
workbook_function sevens, long, ulong

    section .text

; ANCHOR: function
; long sevens(unsigned long n)
;
;   in      rdi = n
;   out     rax = how many of its decimal digits are a 7
;   uses    rcx = the count so far    rsi = 10
sevens:
    mov     rax, rdi
    xor     ecx, ecx
    mov     rsi, 10
.next:
    test    rax, rax
    jz      .done
    xor     edx, edx
    div     rsi
    cmp     rdx, 7
    jne     .next
    inc     rcx
    jmp     .next
.done:
    mov     rax, rcx
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
