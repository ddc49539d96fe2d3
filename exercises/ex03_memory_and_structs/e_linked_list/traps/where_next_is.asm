; must say: C008
; lea makes the address of the field, and nobody looks into it: no walk comes to
; a 0.

; >>> from array import array
; >>> from chains import length
; >>> node = array("q", [12, 0])
; >>> length(node.buffer_info()[0])
; 1

%include "workbook.inc"

    default rel

workbook_module chains
workbook_function length, long, ulong           ; long length(node *first)
workbook_function find, ulong, ulong, long      ; node *find(node *first, long)
workbook_function reverse, ulong, ulong         ; node *reverse(node *first)

; typedef struct node { long value; struct node *next; } node;
    struc node
.value:     resq 1
.next:      resq 1
    endstruc

    section .text

; long length(const node *first)
;
;   in      rdi = first, then the node in hand
;   out     rax = how many nodes there are
length:
    xor     eax, eax
.next:
    test    rdi, rdi
    jz      .end
    inc     rax
    lea     rdi, [rdi + node.next]
    jmp     .next
.end:
    ret

; node *find(node *first, long value)
;
;   in      rdi = first, then the node in hand    rsi = value
;   out     rax = the first node with this value, or NULL
find:
    test    rdi, rdi
    jz      .found                      ; nowhere: the answer is NULL
    cmp     [rdi + node.value], rsi
    je      .found
    mov     rdi, [rdi + node.next]
    jmp     find
.found:
    mov     rax, rdi
    ret

; node *reverse(node *first)
;
;   in      rdi = first, then the node in hand
;   out     rax = the new first node
reverse:
    xor     eax, eax                    ; before the first node comes none
.next:
    test    rdi, rdi
    jz      .end
    mov     rcx, [rdi + node.next]      ; the way on, before it is lost
    mov     [rdi + node.next], rax
    mov     rax, rdi
    mov     rdi, rcx
    jmp     .next
.end:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
