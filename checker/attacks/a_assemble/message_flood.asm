; attack: fills disk or memory with warnings
; works: nasm writes more than 20000000 bytes
; contained: nasm refuses or nasm is stopped
;
; Whoever keeps all that a compiler says keeps this too. The messages go to a
; file in memory with a limit on its size, and only their beginning is read.

    %rep 250000
        %warning "one line of very many, for the grader to keep and to show"
    %endrep
