; attack: has nasm open a pipe that nobody writes to
; works: nasm does not end
; contained: nasm refuses
;
; Opening a pipe waits for the other side, here for ever. The jail does not let
; nasm open it, and there is a deadline for what a jail does not see.

    %include "../pipe"
