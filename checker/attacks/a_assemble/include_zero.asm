; attack: has nasm read a line that has no end
; works: nasm does not end
; contained: nasm refuses
;
; /dev/zero is one endless line, and nasm reads line by line, until time or
; memory ends. The jail has no devices.

    %include "/dev/zero"
