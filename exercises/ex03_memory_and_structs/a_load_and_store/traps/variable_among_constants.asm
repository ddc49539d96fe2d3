; must say: C014
; `a` is in the section for what never changes, and then changes.

%include "workbook.inc"

    default rel

workbook_module variables
workbook_function get_a, long               ; long get_a(void)
workbook_function set_b, void, long         ; void set_b(long value)
workbook_function assign, void              ; void assign(void)
workbook_function reset_a, void             ; void reset_a(void)
workbook_function address_of_a, bytes(8)    ; long *address_of_a(void)

    section .rodata
a:          dq 5

    section .bss
b:          resq 1

    section .text

; long get_a(void)
;
;   out     rax = the value of a
get_a:
    mov     rax, [rel a]
    ret

; void set_b(long value)
;
;   in      rdi = value
set_b:
    mov     [rel b], rdi
    ret

; void assign(void)                         a = b
assign:
    mov     rax, [rel b]                ; one instruction reaches memory once,
    mov     [rel a], rax                ; <-- here
    ret

; void reset_a(void)                        a = 1
reset_a:
    mov     qword [rel a], 1            ; neither a nor 1 tells the width
    ret

; long *address_of_a(void)
;
;   out     rax = where a is, whatever its value
address_of_a:
    lea     rax, [rel a]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
