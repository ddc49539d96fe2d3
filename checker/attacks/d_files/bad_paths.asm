; attack: opens paths that are no paths, to crash whoever looks at them
; works: run() is 1
; contained: in vain or signal SIGSYS or errno EACCES
;
; NULL, an address that is not there, a name of 8,000 bytes, bytes that are no
; text, and `%s`: sandboxes that read the path of every call have crashed on
; each of them. The kernel looks at paths here, and nobody else.
; It is 1 if the last path, an honest one, can be opened after all.

%include "attack.inc"

    section .rodata
no_text:
    db      0xff, 0xfe, 0x80, 0xc0, 0
format:
    db      "%s%n%s%n", 0
honest:
    db      "canary", 0

    section .bss
long_name:
    resb    8192

    section .text
attack:
    lea     rdi, [rel long_name]
    mov     ecx, 8000
    mov     al, "a"
    rep stosb
    xor     edi, edi                    ; NULL
    call    opens
    mov     rdi, -4096                  ; nobody's address
    call    opens
    lea     rdi, [rel long_name]
    call    opens
    lea     rdi, [rel no_text]
    call    opens
    lea     rdi, [rel format]
    call    opens
    lea     rdi, [rel honest]
    call    opens
    jmp     outcome

; long opens(const char *path)
;
;   in      rdi = the path
;   out     rax = a descriptor, or a negative errno
opens:
    mov     rsi, rdi
    mov     edi, AT_FDCWD
    xor     edx, edx
    mov     eax, SYS_openat
    syscall
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
