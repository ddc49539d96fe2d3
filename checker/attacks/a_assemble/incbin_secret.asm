; attack: puts a file of the grader's into the object, to be printed later
; works: the object holds the secret
; contained: nasm refuses
;
; `incbin` copies any file that nasm may read: hidden tests, answers, keys.
; A module can then return the bytes as its answer, or print them.
; nasm runs in a jail that knows the source's folder and nothing else.

    section .rodata
stolen:
    incbin  "../secret"
