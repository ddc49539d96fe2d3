from chain import chain
"".join(chr(chain(n)) for n in range(4))
