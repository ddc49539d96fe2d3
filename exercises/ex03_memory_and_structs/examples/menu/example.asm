; >>> from menu import price_of, name_of, dishes
; >>> dishes(), price_of(1), name_of(1)
; (3, 3, b'soup')

%include "workbook.inc"

    default rel

workbook_module menu
workbook_function dishes, long                  ; long dishes(void)
workbook_function price_of, int, long           ; int price_of(long index)
workbook_function name_of, string, long         ; const char *name_of(long)

; typedef struct { const char *name; int price; } dish;
    struc dish
.name:      resq 1
.price:     resd 1
.gap:       resd 1                      ; the size is a multiple of 8
    endstruc

; ANCHOR: table
    section .rodata
rice:       db "rice", 0
soup:       db "soup", 0
tea:        db "tea", 0

    section .data
    align   8
menu:
    istruc dish
        at dish.name,  dq rice
        at dish.price, dd 8
    iend
    istruc dish
        at dish.name,  dq soup
        at dish.price, dd 3
    iend
    istruc dish
        at dish.name,  dq tea
        at dish.price, dd 2
    iend
    istruc dish
        at dish.name,  dq 0             ; the end
    iend
; ANCHOR_END: table

    section .text

; ANCHOR: index
; const char *name_of(long index)
;
;   in      rdi = index
;   out     rax = the address of the name
name_of:
    imul    rdi, dish_size
    lea     rax, [rel menu]
    mov     rax, [rax + rdi + dish.name]
    ret
; ANCHOR_END: index

; int price_of(long index)
;
;   in      rdi = index
;   out     eax = the price
price_of:
    imul    rdi, dish_size
    lea     rax, [rel menu]
    mov     eax, [rax + rdi + dish.price]
    ret

; ANCHOR: walk
; long dishes(void)
;
;   out     rax = how many entries there are before the end
dishes:
    xor     eax, eax
    lea     rcx, [rel menu]
.next:
    cmp     qword [rcx + dish.name], 0
    je      .end
    inc     rax
    add     rcx, dish_size
    jmp     .next
.end:
    ret
; ANCHOR_END: walk

    section .note.GNU-stack noalloc noexec nowrite progbits
