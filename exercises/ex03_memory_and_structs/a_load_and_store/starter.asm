; >>> from variables import get_a, set_b, assign
; >>> set_b(12)
; >>> assign()
; >>> get_a()
; 12

%include "workbook.inc"

    default rel

workbook_module variables
workbook_function get_a, long               ; long get_a(void)
workbook_function set_b, void, long         ; void set_b(long value)
workbook_function assign, void              ; void assign(void)
workbook_function reset_a, void             ; void reset_a(void)
workbook_function address_of_a, bytes(8)    ; long *address_of_a(void)

    section .data
a:          dq 5                        ; eight bytes that begin as the number 5

    section .bss
b:          resq 1                      ; eight bytes that begin as zero

    section .text

; long get_a(void)
;
;   out     rax = the value of a
get_a:
    xor     eax, eax                    ; your code instead of this line
    ret

; void set_b(long value)                    b = value
;
;   in      rdi = value
set_b:
    ret                                 ; your code above this line

; void assign(void)                         a = b
assign:
    ret                                 ; your code above this line

; void reset_a(void)                        a = 1
reset_a:
    ret                                 ; your code above this line

; long *address_of_a(void)
;
;   out     rax = the address of a
address_of_a:
    xor     eax, eax                    ; your code instead of this line
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
