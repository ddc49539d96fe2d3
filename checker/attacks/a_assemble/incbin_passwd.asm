; attack: puts a file of the machine's into the object
; works: the object holds "root:"
; contained: nasm refuses
;
; The same as incbin_secret with an absolute path. Landlock decides by the file
; and not by how it is spelled, so neither `/` nor `..` leads out of the folder.

    section .rodata
stolen:
    incbin  "/etc/passwd"
