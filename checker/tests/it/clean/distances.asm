; A jump table of distances among the constants, data behind code, macros.
;
; >>> [f(n) for n in range(4)]
; [10, 11, 12, 0]

%include "workbook.inc"

    default rel

    section .rodata
table:      dd f.zero - table, f.one - table, f.two - table

workbook_module example
workbook_function f, long, long

    section .text

%macro answer 1
    mov     eax, %1
    ret
%endmacro

f:
    cmp     rdi, 3
    jae     .none
    lea     rcx, [rel table]
    movsxd  rax, dword [rcx + rdi * 4]
    add     rax, rcx
    jmp     rax
.zero:
    answer 10
    align   16
.one:
    answer 11
    times 7 nop
.two:
    mov     eax, [rel behind]
    ret
.none:
    xor     eax, eax
    ret

    align   8
behind:
    dd      12

    section .note.GNU-stack noalloc noexec nowrite progbits
