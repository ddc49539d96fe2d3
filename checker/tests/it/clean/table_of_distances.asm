; A jump table of distances, each from the table.

; >>> [f(n) for n in range(4)]
; [10, 20, 30, -1]
; >>> f(-1)
; -1

%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, long, long
    section .text
    section .rodata
    align 4
f_table: dd f.zero - f_table, f.one - f_table, f.two - f_table
    section .text
f:  cmp     edi, 2
    ja      .none
    lea     rdx, [f_table]
    mov     edi, edi
    movsxd  rax, dword [rdx + rdi*4]
    add     rax, rdx
    jmp     rax
.zero:
    mov     eax, 10
    ret
.one:
    mov     eax, 20
    ret
.two:
    mov     eax, 30
    ret
.none:
    or      rax, -1
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
