; attack: counts what the processor does
; works: run() is 1
; contained: signal SIGSYS or errno EACCES
; needs: the right to count
;
; Counters tell what other programs do on the same core, and their code in the
; kernel is large.

%include "attack.inc"

PERF_TYPE_SOFTWARE  equ 1               ; linux/perf_event.h
EXCLUDE_KERNEL      equ 1 << 5
EXCLUDE_HYPERVISOR  equ 1 << 6

    section .data
    align   8
counter:                                ; struct perf_event_attr, 64 bytes
    dd      PERF_TYPE_SOFTWARE, 64
    dq      0, 0, 0, 0                  ; the processor's clock
    dq      EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR
    dq      0, 0

    section .text
attack:
    lea     rdi, [rel counter]
    xor     esi, esi                    ; itself
    mov     edx, -1                     ; on any processor
    mov     r10, -1
    xor     r8d, r8d
    mov     eax, SYS_perf_event_open
    syscall
    jmp     outcome

    section .note.GNU-stack noalloc noexec nowrite progbits
