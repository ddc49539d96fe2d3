; attack: raises an exception whose message cannot be written as UTF-8
; works: it says "\u{fffd}"
; contained: harmless report
;
; Python's texts may hold halves of characters. Printing one fails, and a grader
; that prints without care fails with it.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetObject, PyExc_ValueError, PyUnicode_DecodeUTF8
    extern  Py_DecRef

    section .rodata
text:
    db      "half of a character: ", 0xed, 0xa0, 0x80
TEXT_SIZE   equ $ - text
how:
    db      "surrogatepass", 0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = NULL with an exception set
;   keeps   rbx = the message
run:
    push    rbx                         ; rsp to a multiple of 16
    lea     rdi, [rel text]
    mov     esi, TEXT_SIZE
    lea     rdx, [rel how]
    call    PyUnicode_DecodeUTF8 wrt ..plt  ; new reference, or NULL
    mov     rbx, rax
    test    rax, rax
    jz      .fail
    mov     rdi, [rel PyExc_ValueError wrt ..got]
    mov     rdi, [rdi]
    mov     rsi, rbx
    call    PyErr_SetObject wrt ..plt
    mov     rdi, rbx
    call    Py_DecRef wrt ..plt
.fail:
    xor     eax, eax
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
