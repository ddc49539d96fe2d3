; attack: copies a variable of the grader's environment into the object
; works: the object holds the secret
; contained: nasm refuses
;
; Graders keep tokens and passwords in their environment, and `%!NAME` is the
; value of a variable. nasm starts with an empty environment here.

    %defstr WORDS   %!SECRET

    section .rodata
stolen:
    db      WORDS
