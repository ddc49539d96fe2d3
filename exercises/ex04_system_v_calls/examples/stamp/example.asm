; >>> from stamp import stamp
; >>> stamp(bytearray(10), 9, 5)
; b'09:05'

%include "workbook.inc"

    default rel

workbook_module stamp
workbook_function stamp, string, buffer, int, int

; ANCHOR: function
    extern  snprintf

    section .rodata
format:     db "%02d:%02d", 0

    section .text

; char *stamp(char *out, int hours, int minutes)    out has 10 bytes
;
;   in      rdi = out    esi = hours    edx = minutes
;   out     rax = out
;   keeps   rbx = out
stamp:
    push    rbx                         ; also brings rsp to a multiple of 16
    mov     rbx, rdi
    mov     ecx, esi                    ; the fourth argument: hours
    mov     r8d, edx                    ; the fifth: minutes
    mov     esi, 10
    lea     rdx, [rel format]
    xor     eax, eax                    ; no xmm register is in use
    call    snprintf wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret
; ANCHOR_END: function

    section .note.GNU-stack noalloc noexec nowrite progbits
