; >>> from stranger import as_format
; >>> as_format(bytearray(40), b"thirty percent")
; b'thirty percent'

%include "workbook.inc"

    default rel

    extern  snprintf

workbook_module stranger
workbook_function as_format, string, buffer, buffer
workbook_function as_text, string, buffer, buffer

    section .rodata
text_only:  db "%s", 0

    section .text

; ANCHOR: functions
; char *as_format(char *out, const char *text)      wrong: see the page
as_format:
    push    rbx
    mov     rbx, rdi
    mov     rdx, rsi                    ; the stranger's text is the format
    mov     esi, 40
    xor     eax, eax
    call    snprintf wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret

; char *as_text(char *out, const char *text)        out has 40 bytes
as_text:
    push    rbx
    mov     rbx, rdi
    mov     rcx, rsi                    ; the stranger's text fills a gap
    lea     rdx, [rel text_only]
    mov     esi, 40
    xor     eax, eax
    call    snprintf wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
