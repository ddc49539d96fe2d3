; >>> from door import door
; >>> door(1234), door(4321)
; (True, False)

%include "workbook.inc"

    default rel

workbook_module door
workbook_function door, bool, long      ; bool door(long code)
workbook_function door_turned, bool, long

    section .text

; ANCHOR: door
; bool door(long code)
;
;   in      rdi = code
;   out     al = 1 if the code opens the door, else 0
door:
    cmp     rdi, 1234
    je      .right
    mov     rax, 0
    jmp     .done
.right:
    mov     rax, 1
.done:
    ret
; ANCHOR_END: door

; ANCHOR: door_turned
; bool door_turned(long code), the same with the question turned round
door_turned:
    cmp     rdi, 1234
    jne     .wrong
    mov     rax, 1
    ret
.wrong:
    mov     rax, 0
    ret
; ANCHOR_END: door_turned

    section .note.GNU-stack noalloc noexec nowrite progbits
