; attack: replaces `print`, so that the tests can say one thing only
; works: a believing grader passes it
; contained: not passed
;
; builtins is a module like any other, and everybody may write to it. It is done
; while the module is imported, before the tests look `print` up. The checker
; asks by the C API, and what is printed does not count.

%define OWN_PYINIT
%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "import builtins, sys", 10
    db      "builtins.print = lambda *a: sys.stdout.write('passed\n')", 0

    section .text
PyInit_attack:
    lea     rdi, [rel source]
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    PyRun_SimpleString wrt ..plt
    add     rsp, 8
    jmp     make_module

attack:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
