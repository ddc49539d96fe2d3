; must say: V001
; The table begins behind three bytes, where no pointer belongs.

; >>> from struct import pack
; >>> from catalog import flags_of
; >>> flags_of(pack("PPiP", 11, 12, 13, 14), 0)
; 13

%include "workbook.inc"

    default rel

workbook_module catalog
workbook_function methods_bytes, bytes(96)      ; method *methods_bytes(void)
workbook_function methods_address, ulong        ; method *methods_address(void)
workbook_function text_at, string, ulong        ; char *text_at(char *address)
workbook_function flags_of, int, buffer, long   ; int flags_of(method *, long)
workbook_function doc_of, ulong, buffer, long   ; char *doc_of(method *, long)
workbook_function count, long, buffer           ; long count(method *table)

; typedef struct { const char *name; void *code; int flags; const char *doc; }
; method;
    struc method
.name:      resq 1
.code:      resq 1
.flags:     resd 1
.gap:       resd 1                      ; brings doc to a multiple of 8
.doc:       resq 1
    endstruc

    section .rodata
twice_name: db "twice", 0
twice_doc:  db "a number and the same again", 0
minus_name: db "minus", 0
minus_doc:  db "a number with the other sign", 0

    section .data
before:     db 1, 2, 3                  ; a neighbor of the table

methods:
    istruc method
        at method.name,  dq twice_name
        at method.code,  dq twice
        at method.flags, dd 8
        at method.doc,   dq twice_doc
    iend
    istruc method
        at method.name,  dq minus_name
        at method.code,  dq minus
        at method.flags, dd 4
        at method.doc,   dq minus_doc
    iend
    istruc method                       ; the end: nothing has a value
        at method.name,  dq 0
    iend

behind:     times 32 db 0xff            ; the other neighbor

    section .text

; method *methods_bytes(void)
;
;   out     rax = the table, whose first 96 bytes Python gets
methods_bytes:
    lea     rax, [rel methods]
    ret

; method *methods_address(void)
;
;   out     rax = the address of the table, as a number
methods_address:
    lea     rax, [rel methods]
    ret

; char *text_at(char *address)
;
;   out     rax = the same address, from which Python gets the text
text_at:
    mov     rax, rdi
    ret

; int flags_of(const method *table, long index)
;
;   in      rdi = table    rsi = index
;   out     eax = table[index].flags
flags_of:
    imul    rsi, method_size
    mov     eax, [rdi + rsi + method.flags]
    ret

; char *doc_of(const method *table, long index)
;
;   in      rdi = table    rsi = index
;   out     rax = table[index].doc
doc_of:
    imul    rsi, method_size
    mov     rax, [rdi + rsi + method.doc]
    ret

; long count(const method *table)
;
;   in      rdi = table, then the next entry
;   out     rax = how many entries there are before the one without a name
count:
    xor     eax, eax
.next:
    cmp     qword [rdi + method.name], 0
    je      .end
    inc     rax
    add     rdi, method_size
    jmp     .next
.end:
    ret

; The code of the two methods; nobody calls it here.
twice:
    lea     rax, [rdi + rdi]
    ret

minus:
    mov     rax, rdi
    neg     rax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
