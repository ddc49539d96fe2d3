; must say: A007 snprintf
; The learner clears al, as for integers, and the doubles are not looked at.

; >>> from labels import label
; >>> label(bytearray(40), 40, b"tea", 3, 2.5)
; b'tea: 3 x 2.50 = 7.50'

%include "workbook.inc"

    default rel

    extern  snprintf

workbook_module labels
workbook_function label, string, buffer, long, buffer, int, double

    section .rodata
format:     db "%s: %d x %.2f = %.2f", 0

    section .text

; char *label(char *out, size_t size, const char *name, int count, double price)
;
;   in      rdi = out    rsi = size    rdx = name    ecx = count
;           xmm0 = price
;   out     rax = out
;   keeps   rbx = out
label:
    xor     eax, eax                    ; no help from whatever al held

    push    rbx                         ; also brings rsp to a multiple of 16
    mov     rbx, rdi
    cvtsi2sd xmm1, ecx
    mulsd   xmm1, xmm0                  ; the total
    mov     r8d, ecx                    ; the count, before name goes there
    mov     rcx, rdx
    lea     rdx, [rel format]
    xor     eax, eax
    call    snprintf wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret

; int snprintf(char *out, size_t size, const char *format, ...)
;   writes at most size bytes, the zero byte included, and returns how many
;   there would be without it if all of them had found room

    section .note.GNU-stack noalloc noexec nowrite progbits
