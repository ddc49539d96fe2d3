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
;   in      rdi = first, or NULL for the empty list
;   out     rax = how many nodes there are
length:
    xor     eax, eax                    ; your code instead of this line
    ret

; node *find(node *first, long value)
;
;   in      rdi = first, or NULL    rsi = value
;   out     rax = the first node with this value, or NULL
find:
    xor     eax, eax                    ; your code instead of this line
    ret

; node *reverse(node *first)
;
;   in      rdi = first, or NULL
;   out     rax = the new first node, or NULL
reverse:
    mov     rax, rdi                    ; your code instead of this line
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
