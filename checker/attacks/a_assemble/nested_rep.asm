; attack: keeps the assembler busy for years
; works: nasm does not end
; contained: nasm is stopped
;
; nasm limits one `%rep` to a million rounds, but two inside each other are a
; million millions. A class of these stops a grader. Time on the processor is
; limited, and the clock on the wall for good measure.

    %assign rounds 0
    %rep 1000000
        %rep 1000000
            %assign rounds rounds + 1
        %endrep
    %endrep
