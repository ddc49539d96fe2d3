; attack: ends the section of an XML report that holds the output
; works: it says "]]>"
; contained: harmless report
;
; Behind `]]>` a report says what the module wants it to say. Each reporter
; writes by a library that knows the rules of its format.

%include "attack.inc"

    section .rodata
text:
    db      ']]></system-out></testcase><testcase name="b"/>', 10
TEXT_SIZE   equ $ - text

    section .text
attack:
    mov     edi, 1                      ; standard output
    lea     rsi, [rel text]
    mov     edx, TEXT_SIZE
    mov     eax, SYS_write
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
