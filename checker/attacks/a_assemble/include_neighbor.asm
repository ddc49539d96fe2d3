; attack: hands in a line that includes somebody else's answer
; works: the object holds the secret
; contained: nasm refuses
;
; Where answers lie side by side, one `%include` is a whole solution.
; Every file is assembled in a folder of its own, and the jail shows no other.

    %include "../neighbor.asm"
