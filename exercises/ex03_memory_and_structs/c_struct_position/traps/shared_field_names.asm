; must say: S001
; Field names without a dot are global, so two structures cannot both have an x.

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
x:          resd 1
y:          resd 1
z:          resd 1
    endstruc

; typedef struct { int heading; int x; int y; int z; } motion;
    struc motion
heading:    resd 1
x:          resd 1                      ; <-- here
y:          resd 1
z:          resd 1
    endstruc

    section .data
    align   4
robot:
    istruc position
        at x, dd 3
        at y, dd 9
        at z, dd 0
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
    add     dword [rel robot + y], 1
    ret

; void move(position *p, int dx, int dy, int dz)
;
;   in      rdi = p    esi = dx    edx = dy    ecx = dz
;           only the low halves count: an int has 32 bits
move:
    add     [rdi + x], esi
    add     [rdi + y], edx
    add     [rdi + z], ecx
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
