; attack: walks up the stack of calls to the expected answer
; works: a believing grader passes it
; contained: not passed
;
; Each frame knows who called it, and its variables. In a guest the statement is
; the outermost frame there is.

%define OWN_RUN
%include "attack.inc"

    extern  PyEval_GetBuiltins, PyDict_New, PyDict_SetItemString
    extern  PyRun_String

PY_EVAL_INPUT   equ 258                 ; Include/compile.h

    section .rodata
source:
    db      "__import__('sys')._getframe(1).f_globals.get('expected', 0)", 0
builtins_name:
    db      "__builtins__", 0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference, or NULL with an exception set
;   keeps   rbx = a dict of our own
run:
    push    rbx                         ; rsp to a multiple of 16
    call    PyDict_New wrt ..plt
    mov     rbx, rax
    call    PyEval_GetBuiltins wrt ..plt
    mov     rdi, rbx
    lea     rsi, [rel builtins_name]
    mov     rdx, rax
    call    PyDict_SetItemString wrt ..plt
    lea     rdi, [rel source]
    mov     esi, PY_EVAL_INPUT
    mov     rdx, rbx
    mov     rcx, rbx
    call    PyRun_String wrt ..plt
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
