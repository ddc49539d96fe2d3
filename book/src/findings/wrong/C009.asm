; >>> example.check(0)
; False

%include "workbook.inc"

    default rel

    extern  raise

workbook_module example
workbook_function check, bool, long

    section .text

; bool check(long n): whether n is positive
check:
    test    rdi, rdi
    setg    al
    jg      .done
    sub     rsp, 8                      ; rsp to a multiple of 16
    mov     edi, 9                      ; SIGKILL: so it cannot go on
    call    raise wrt ..plt
    add     rsp, 8
.done:
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
