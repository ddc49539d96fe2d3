; attack: breaks the ABI, and searches memory for the guard's note of it
; works: the checker passes it
; contained: not passed
; gains: silence about a broken rule; it still has to know the answers
;
; The page begins with the address at which this module is loaded, which the
; module knows. It looks at every page below and above the C library for that
; word, and asks rt_sigprocmask first, which says EFAULT instead of crashing.

%include "attack.inc"

    extern  PyErr_Occurred, malloc

FAULTS      equ 16                      ; the third word of the page
PAGES       equ 0x20000                 ; half a gigabyte each way
EFAULT_     equ 14

    section .text
attack:
    call    PyErr_Occurred wrt ..plt    ; rsp is off by 8

    lea     rbx, [rel attack]
    and     rbx, -4096
.own_head:
    cmp     dword [rbx], 0x464c457f     ; 0x7f, "ELF": where we are loaded
    je      .known
    sub     rbx, 4096
    jmp     .own_head
.known:
    mov     rbp, [rel malloc wrt ..got]
    and     rbp, -4096
    lea     r12, [rbp + PAGES * 4096]
    sub     rbp, PAGES * 4096
.next:
    cmp     rbp, r12
    jae     .not_found
    mov     edi, 77                     ; no way to change a mask: EINVAL
    mov     rsi, rbp
    xor     edx, edx
    mov     r10d, 8
    mov     eax, SYS_rt_sigprocmask
    syscall
    cmp     rax, -EFAULT_
    je      .no
    cmp     [rbp], rbx
    jne     .no
    mov     rax, [rbp + FAULTS]
    dec     rax
    cmp     rax, 31                     ; one to 32
    jbe     .found
.no:
    add     rbp, 4096
    jmp     .next

.found:
    dec     qword [rbp + FAULTS]        ; the newest, as if it never was
    mov     eax, 42
    ret

.not_found:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
