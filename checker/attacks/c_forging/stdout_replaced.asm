; attack: puts an object of its own in the place of sys.stdout
; works: a believing grader passes it
; contained: not passed
;
; `print` asks sys.stdout, and sys.stdout is whatever somebody put there. The
; same goes for sys.displayhook, sys.excepthook and the like: a judge in the
; process of the judged can be talked into anything.

%include "attack.inc"

    extern  PyRun_SimpleString

    section .rodata
source:
    db      "import sys", 10
    db      "class Out:", 10
    db      "    def write(self, text, out=sys.stdout):", 10
    db      "        out.write(text.replace('failed', 'passed'))", 10
    db      "    flush = sys.stdout.flush", 10
    db      "sys.stdout = Out()", 0

    section .text
attack:
    lea     rdi, [rel source]
    sub     rsp, 8                      ; rsp to a multiple of 16
    call    PyRun_SimpleString wrt ..plt
    add     rsp, 8
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
