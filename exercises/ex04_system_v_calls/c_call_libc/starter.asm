; >>> from padding import pad_right
; >>> pad_right(bytearray(100), b"left", 9, ord("."))
; b'left.....'

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
pad_right:
    mov     rax, rsi                    ; the text alone: your code instead
    ret

; size_t strlen(const char *text)
;   how many bytes come before the zero byte
; void *memcpy(void *to, const void *from, size_t count)
;   copies count bytes, and returns to
; void *memset(void *to, int byte, size_t count)
;   writes the low byte of its second argument count times, and returns to

    section .note.GNU-stack noalloc noexec nowrite progbits
