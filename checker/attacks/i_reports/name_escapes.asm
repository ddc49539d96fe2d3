; attack: raises an exception whose type has orders to the terminal in its name
; works: it says "\e[2J"
; contained: harmless report
;
; Names of types, modules and attributes are any text that somebody chose. They
; are shown with the same care as messages.

%define OWN_RUN
%include "attack.inc"

    extern  PyErr_SetString, PyErr_NewException

    section .rodata
type_name:
    db      "attack.", 27, "[2JPassed", 0
text:
    db      "no", 0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = NULL with an exception set
run:
    sub     rsp, 8                      ; rsp to a multiple of 16
    lea     rdi, [rel type_name]
    xor     esi, esi
    xor     edx, edx
    call    PyErr_NewException wrt ..plt    ; new reference, or NULL
    test    rax, rax
    jz      .fail
    mov     rdi, rax                    ; ours for ever: one is enough
    lea     rsi, [rel text]
    call    PyErr_SetString wrt ..plt
.fail:
    xor     eax, eax
    add     rsp, 8
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
