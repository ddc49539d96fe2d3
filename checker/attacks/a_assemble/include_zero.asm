; attack: has nasm read a line that has no end
; works: nasm takes more than 200 MB
; contained: nasm refuses
;
; /dev/zero is one endless line, and nasm reads line by line. It would take all
; of the machine's memory. The jail has no devices.

    %include "/dev/zero"
