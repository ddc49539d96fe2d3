; attack: takes gigabytes of memory to assemble one line
; works: nasm takes more than 600 MB
; contained: nasm refuses or nasm is stopped
;
; nasm keeps a section in memory until it writes it. When memory is out, the
; system ends some process, and it may choose the grader's. The address space of
; nasm is limited, so it ends itself, with a message.

    section .data
zeros:
    resb    0x30000000
