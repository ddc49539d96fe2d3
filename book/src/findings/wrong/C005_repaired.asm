; >>> example.nap()

%include "workbook.inc"

    default rel

    extern  PyEval_RestoreThread, PyEval_SaveThread, usleep

workbook_module example
workbook_function nap, void

    section .text

; void nap(void): sleep without the GIL
nap:
; ANCHOR: repair
    push    rbx                         ; also brings rsp back to 16
    call    PyEval_SaveThread wrt ..plt
    mov     rbx, rax                    ; the thread state
    mov     edi, 1000
    call    usleep wrt ..plt
    mov     rdi, rbx
    call    PyEval_RestoreThread wrt ..plt
    pop     rbx
    ret
; ANCHOR_END: repair

    section .note.GNU-stack noalloc noexec nowrite progbits
