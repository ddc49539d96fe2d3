; >>> from struct import pack
; >>> from holes import total_of
; >>> total_of(pack("bihl", 1, 2, 3, 4))
; 4

%include "workbook.inc"

    default rel

workbook_module holes
workbook_function size, long                    ; long size(void)
workbook_function count_of, int, buffer         ; int count_of(record *)
workbook_function total_of, long, buffer        ; long total_of(record *)

; ANCHOR: struc
; typedef struct { char kind; int count; short code; long total; } record;
    struc record
.kind:      resb 1
.gap:       resb 3                      ; until 4, a multiple of 4
.count:     resd 1
.code:      resw 1
.gap2:      resb 6                      ; until 16, a multiple of 8
.total:     resq 1
    endstruc
; ANCHOR_END: struc

    section .text

; ANCHOR: functions
size:
    mov     eax, record_size
    ret

count_of:
    mov     eax, [rdi + record.count]
    ret

total_of:
    mov     rax, [rdi + record.total]
    ret
; ANCHOR_END: functions

    section .note.GNU-stack noalloc noexec nowrite progbits
