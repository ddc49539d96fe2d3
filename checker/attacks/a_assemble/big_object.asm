; attack: makes an object of 128 megabytes from one line
; works: nasm writes more than 100000000 bytes
; contained: nasm is stopped
;
; A thousand of them fill a disk. The size of every file that nasm may write is
; limited.

    section .data
zeros:
    times 0x800000 dq 0, 0
