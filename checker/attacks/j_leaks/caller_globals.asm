; attack: looks up the expected answer among the variables of its tests
; works: a believing grader passes it
; contained: not passed
;
; PyEval_GetGlobals leads to the namespace of the code that called. A guest's
; has the statement's own names and no answers: those stay in the host.

%define OWN_RUN
%include "attack.inc"

    extern  PyEval_GetGlobals, PyDict_GetItemString, Py_IncRef

    section .rodata
expected:
    db      "expected", 0

    section .text
; PyObject *run(PyObject *module, PyObject *nothing)
;
;   out     rax = new reference
;   keeps   rbx = the answer, if it is there
run:
    push    rbx                         ; rsp to a multiple of 16
    call    PyEval_GetGlobals wrt ..plt ; borrowed
    mov     rdi, rax
    lea     rsi, [rel expected]
    call    PyDict_GetItemString wrt ..plt  ; borrowed, or NULL
    mov     rbx, rax
    test    rax, rax
    jz      .not_there
    mov     rdi, rbx
    call    Py_IncRef wrt ..plt
    mov     rax, rbx
    pop     rbx
    ret
.not_there:
    xor     edi, edi
    call    PyLong_FromLong wrt ..plt
    pop     rbx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
