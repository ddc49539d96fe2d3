; A callback that saves what it uses, and a hidden function that is called.
;
; >>> row = memoryview(bytearray(24)).cast('q')
; >>> row[0], row[1], row[2] = 3, 1, 2
; >>> f(row, 3)
; >>> row.tolist()
; [1, 2, 3]

%include "workbook.inc"

    default rel

    extern  qsort
    global  order:function hidden

workbook_module example
workbook_function f, void, buffer, long

    section .text

f:
    lea     rcx, [rel compare]
    mov     edx, 8
    jmp     qsort wrt ..plt

compare:
    push    rbx
    push    r12
    mov     rbx, [rdi]
    mov     r12, [rsi]
    sub     rsp, 8
    call    order
    add     rsp, 8
    pop     r12
    pop     rbx
    ret

order:
    xor     eax, eax
    cmp     rbx, r12
    setg    al
    setl    cl
    sub     al, cl
    movsx   eax, al
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
