; attack: takes over the guest's side of the protocol
; works: a believing grader passes it
; contained: not passed
;
; It looks for the request on the stack and in what the stack points to, repeats
; its number, and answers all further requests itself, without any Python. What
; an address leads to it finds out by rt_sigprocmask, which says EFAULT instead
; of ending the process. It has to know the right answers all the same, so it
; could win no more than silence about how they were computed.

%include "attack.inc"

SOCKET          equ 3
MOST_WORDS      equ 0x10000             ; how much of the stack is searched

    section .rodata
head:
    db      '{"number":'
HEAD_SIZE       equ $ - head
tail:
    db      ',"content":{"Answered":{"Value":"42"}}}'
TAIL_SIZE       equ $ - tail
imported:
    db      ',"content":"Imported"}'
IMPORTED_SIZE   equ $ - imported
bye:
    db      ',"content":"Bye"}'
BYE_SIZE        equ $ - bye
repeated:
    db      ',"content":{"Repeated":[]}}'
REPEATED_SIZE   equ $ - repeated

    section .text
attack:
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
    mov     rsi, rbp
    call    is_request
    jne     .next_word

.answer:
    ; rbp = a request
    lea     rsi, [rbp + HEAD_SIZE]
    lea     rdi, [rel buffer + HEAD_SIZE]
.digit:
    lodsb
    cmp     al, "9"
    ja      .number_copied
    cmp     al, "0"
    jb      .number_copied
    stosb
    jmp     .digit
.number_copied:
    ; rsi = behind the comma: "content":{"Ask"... or "content":"Repeat"
    mov     al, [rsi + 12]
    cmp     byte [rsi + 10], "{"
    jne     .bare
    lea     rsi, [rel tail]
    mov     ecx, TAIL_SIZE
    cmp     al, "A"
    je      .send
    lea     rsi, [rel imported]
    mov     ecx, IMPORTED_SIZE
    jmp     .send
.bare:
    lea     rsi, [rel repeated]
    mov     ecx, REPEATED_SIZE
    cmp     al, "e"
    je      .send
    lea     rsi, [rel bye]
    mov     ecx, BYE_SIZE
.send:
    rep movsb
    mov     r13, rdi                    ; the frame's end
    lea     rsi, [rel head]
    lea     rdi, [rel buffer]
    mov     ecx, HEAD_SIZE
    rep movsb
    mov     edi, SOCKET
    lea     rsi, [rel buffer]
    mov     rdx, r13
    sub     rdx, rsi
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_sendto
    syscall
    test    rax, rax
    js      outcome
    mov     edi, SOCKET
    lea     rsi, [rel request]
    mov     edx, REQUEST_SIZE
    xor     r10d, r10d
    xor     r8d, r8d
    xor     r9d, r9d
    mov     eax, SYS_recvfrom
    syscall
    test    rax, rax
    jle     outcome
    lea     rbp, [rel request]
    jmp     .answer

.not_found:
    xor     eax, eax
    ret

; Is the word at rdi readable? Keeps all but rax, rdx, rsi, r10, rcx and r11.
;
;   out     ZF = 1 if it is
readable:
    mov     rsi, rdi
    mov     edi, 77                     ; no way to change a mask: EINVAL
    xor     edx, edx
    mov     r10d, 8
    mov     eax, SYS_rt_sigprocmask
    syscall
    cmp     rax, -EINVAL                ; EFAULT comes before it
    ret

; Does rsi lead to the beginning of a request?
;
;   out     ZF = 1 if it does
is_request:
    lea     rdi, [rel head]
    mov     ecx, HEAD_SIZE
    repe cmpsb
    ret

EINVAL          equ 22

    section .bss
REQUEST_SIZE    equ 0x20000
request:
    resb    REQUEST_SIZE

    section .note.GNU-stack noalloc noexec nowrite progbits
