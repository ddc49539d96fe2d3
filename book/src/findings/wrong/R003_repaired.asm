; >>> example.round_trip(42)
; 42

%include "workbook.inc"

    default rel

    extern  free, malloc

workbook_module example
workbook_function round_trip, long, long

    section .text

; long round_trip(long n): through memory and back
round_trip:
    push    rbx                         ; also brings rsp back to 16
    mov     rbx, rdi
    mov     edi, 8
    call    malloc wrt ..plt            ; 8 bytes, or NULL
    test    rax, rax
    jz      .done
    mov     [rax], rbx
    mov     rbx, [rax]
; ANCHOR: repair
    mov     rdi, rax
    call    free wrt ..plt
; ANCHOR_END: repair
.done:
    mov     rax, rbx
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
