; must say: L009 .data:
; The colon makes another section, named .data: and not writable.

; >>> from array import array
; >>> from robot import move
; >>> p = array("i", [3, 9, 0])
; >>> move(p, 1, -2, 5)
; >>> p
; array('i', [4, 7, 5])

%include "workbook.inc"

    default rel

workbook_module robot
workbook_function where, bytes(12)                      ; position *where(void)
workbook_function step, void                            ; void step(void)
workbook_function move, void, buffer, int, int, int     ; void move(position *p,
                                        ;           int dx, int dy, int dz)

; typedef struct { int x; int y; int z; } position;
    struc position
.x:         resd 1
.y:         resd 1
.z:         resd 1
    endstruc

    section .data:
    align   4
robot:
    istruc position
        at position.x, dd 3
        at position.y, dd 9
        at position.z, dd 0
    iend

    section .text

; position *where(void)
;
;   out     rax = the address of the robot's position
where:
    lea     rax, [rel robot]
    ret

; void step(void)                           robot.y = robot.y + 1
step:
    add     dword [rel robot + position.y], 1
    ret

; void move(position *p, int dx, int dy, int dz)
;
;   in      rdi = p    esi = dx    edx = dy    ecx = dz
;           only the low halves count: an int has 32 bits
move:
    add     [rdi + position.x], esi
    add     [rdi + position.y], edx
    add     [rdi + position.z], ecx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
