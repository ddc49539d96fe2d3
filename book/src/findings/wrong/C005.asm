; >>> example.nap()

%include "workbook.inc"

    default rel

    extern  PyEval_RestoreThread, PyEval_SaveThread, usleep

workbook_module example
workbook_function nap, void

    section .text

; void nap(void): sleep without the GIL
nap:
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    PyEval_SaveThread wrt ..plt ; the thread state
    mov     edi, 1000
    call    usleep wrt ..plt
    mov     rdi, rax                    ; the thread state again?
    call    PyEval_RestoreThread wrt ..plt
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
