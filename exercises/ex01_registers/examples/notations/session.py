from notations import decimal, hexadecimal, binary, suffix
decimal(), hexadecimal(), binary(), suffix()
