; must say: V001
; The last index is count - 1; the element at count belongs to nobody.

; >>> from array import array
; >>> from rows import total
; >>> total(array("q", [10, 20, 30]), 3)
; 60

%include "workbook.inc"

    default rel

workbook_module rows
workbook_function total, long, buffer, long
workbook_function total_of_ints, long, buffer, long
workbook_function reverse, void, buffer, long

    section .text

; long total(const long *values, long count)
;
;   in      rdi = values    rsi = count
;   out     rax = the sum
total:
    xor     eax, eax                    ; the sum so far
    xor     ecx, ecx                    ; the index of the next element
.next:
    cmp     rcx, rsi
    jge     .done                       ; at once, if there is none
    add     rax, [rdi + rcx * 8]
    inc     rcx
    jmp     .next
.done:
    ret

; long total_of_ints(const int *values, long count)
;
;   in      rdi = values    rsi = count
;   out     rax = the sum
total_of_ints:
    xor     eax, eax
    xor     ecx, ecx
.next:
    cmp     rcx, rsi
    jge     .done
    movsxd  rdx, dword [rdi + rcx * 4]  ; 32 bits with a sign become 64
    add     rax, rdx
    inc     rcx
    jmp     .next
.done:
    ret

; void reverse(long *values, long count)
;
;   in      rdi = values, then the lower of two elements to swap
;           rsi = count, then the address of the upper one
reverse:
    lea     rsi, [rdi + rsi * 8]
.next:
    cmp     rdi, rsi
    jae     .met                        ; addresses have no sign
    mov     rax, [rdi]
    mov     rcx, [rsi]
    mov     [rdi], rcx
    mov     [rsi], rax
    add     rdi, 8
    sub     rsi, 8
    jmp     .next
.met:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
