; >>> from route import first_stop, total_minutes
; >>> total_minutes(first_stop())
; 12

%include "workbook.inc"

    default rel

workbook_module route
workbook_function first_stop, ulong             ; stop *first_stop(void)
workbook_function total_minutes, long, ulong    ; long total_minutes(stop *)
workbook_function put_first, ulong, ulong, ulong
workbook_function put_after, void, ulong, ulong

; ANCHOR: struc
; typedef struct stop { long minutes; struct stop *next; } stop;
    struc stop
.minutes:   resq 1
.next:      resq 1
    endstruc
; ANCHOR_END: struc

; ANCHOR: nodes
    section .data
    align   8
harbor:
    istruc stop
        at stop.minutes, dq 7
        at stop.next,    dq 0           ; the last one
    iend
station:
    istruc stop
        at stop.minutes, dq 3
        at stop.next,    dq market
    iend
market:
    istruc stop
        at stop.minutes, dq 2
        at stop.next,    dq harbor
    iend
; ANCHOR_END: nodes

    section .text

; stop *first_stop(void)
first_stop:
    lea     rax, [rel station]
    ret

; ANCHOR: walk
; long total_minutes(const stop *first)
;
;   in      rdi = first, then the stop in hand
;   out     rax = the sum of all minutes
total_minutes:
    xor     eax, eax
.next:
    test    rdi, rdi
    jz      .end                        ; no stop is left
    add     rax, [rdi + stop.minutes]
    mov     rdi, [rdi + stop.next]
    jmp     .next
.end:
    ret
; ANCHOR_END: walk

; ANCHOR: put_first
; stop *put_first(stop *new, stop *first)
;
;   in      rdi = new    rsi = first, or NULL
;   out     rax = the list that begins with new
put_first:
    mov     [rdi + stop.next], rsi
    mov     rax, rdi
    ret
; ANCHOR_END: put_first

; ANCHOR: put_after
; void put_after(stop *new, stop *before)
;
;   in      rdi = new    rsi = before, never NULL
put_after:
    mov     rax, [rsi + stop.next]      ; the rest of the line
    mov     [rdi + stop.next], rax
    mov     [rsi + stop.next], rdi
    ret
; ANCHOR_END: put_after

    section .note.GNU-stack noalloc noexec nowrite progbits
