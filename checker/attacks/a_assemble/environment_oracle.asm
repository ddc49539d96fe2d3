; attack: finds out whether a variable of the grader's environment exists
; works: the object holds "it is graded"
; contained: in vain
;
; A file that knows when it is being graded can behave itself only then.
; The environment is empty for everybody, so the question has one answer.

    section .rodata
    %ifenv SECRET
    db      "it is graded"
    %else
    db      "it is at home"
    %endif
