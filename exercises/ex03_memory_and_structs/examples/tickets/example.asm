; >>> from tickets import next_ticket
; >>> next_ticket()
; 101
; >>> next_ticket()
; 102

%include "workbook.inc"

    default rel

workbook_module tickets
workbook_function next_ticket, long     ; long next_ticket(void)
workbook_function start_after, void, long       ; void start_after(long number)
workbook_function tickets_sold, long    ; long tickets_sold(void)

; ANCHOR: variables
    section .data
last:       dq 100                      ; the number of the last ticket

    section .bss
sold:       resq 1                      ; how many we have sold
; ANCHOR_END: variables

    section .text

; long next_ticket(void)
;
;   out     rax = the number of the new ticket
; ANCHOR: next_ticket
next_ticket:
    mov     rax, [rel last]             ; load
    add     rax, 1
    mov     [rel last], rax             ; store
    add     qword [rel sold], 1         ; load, add and store in one
    ret
; ANCHOR_END: next_ticket

; void start_after(long number)
;
;   in      rdi = the number to go on from
; ANCHOR: start_after
start_after:
    mov     [rel last], rdi
    ret
; ANCHOR_END: start_after

; long tickets_sold(void)
;
;   out     rax = how often next_ticket was called
tickets_sold:
    mov     rax, [rel sold]
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
