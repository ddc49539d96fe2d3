; must say: A004 memset
; A push on the way to the second call is not there on the way to the first.

%include "workbook.inc"

    default rel

    extern  memcpy, memset, strlen

workbook_module padding
workbook_function pad_right, string, buffer, buffer, int, char

MOST    equ 99                          ; bytes that out has room for, and a 0

    section .text

; char *pad_right(char *out, const char *text, int width, char fill)
;
;   in      rdi = out    rsi = text    edx = width    cl = fill
;   out     rax = out
;   keeps   rbx = out    r12 = text    r13 = width
;           r14 = fill   r15 = how many bytes out has so far
pad_right:
    push    rbx
    push    r12
    push    r13
    push    r14
    push    r15                         ; five: rsp is a multiple of 16 now
    mov     rbx, rdi
    mov     r12, rsi
    movsxd  r13, edx                    ; above an int there may be anything
    cmp     r13, MOST
    jle     .width_known
    mov     r13d, MOST
.width_known:
    mov     r14d, ecx
    test    r14b, r14b                  ; and above a char
    jnz     .fill_known
    mov     r14d, ' '
.fill_known:

    mov     rdi, r12
    call    strlen wrt ..plt
    mov     r15, rax
    mov     rdi, rbx
    mov     rsi, r12
    mov     rdx, r15
    call    memcpy wrt ..plt

    cmp     r13, r15
    jle     .wide_enough                ; signed: a width may be negative
    push    rdi
    lea     rdi, [rbx + r15]
    mov     esi, r14d                   ; memset takes the low byte itself
    mov     rdx, r13
    sub     rdx, r15
    call    memset wrt ..plt            ; <-- here
    pop     rdi
    mov     r15, r13
.wide_enough:
    mov     byte [rbx + r15], 0

    mov     rax, rbx
    pop     r15
    pop     r14
    pop     r13
    pop     r12
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
