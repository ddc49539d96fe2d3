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
;
; Describe it here with struc.

    section .data
    align   4
robot:      dd 0, 0, 0                  ; an istruc instead: x = 3, y = 9, z = 0

    section .text

; position *where(void)
;
;   out     rax = the address of the robot's position
where:
    lea     rax, [rel robot]
    ret

; void step(void)                           robot.y = robot.y + 1
step:
    ret                                 ; your code above this line

; void move(position *p, int dx, int dy, int dz)
;
;   in      rdi = p    esi = dx    edx = dy    ecx = dz
;           only the low halves count: an int has 32 bits
move:
    ret                                 ; your code above this line

    section .note.GNU-stack noalloc noexec nowrite progbits
