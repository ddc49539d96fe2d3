from square import square_low, square_high
square_low(9), square_high(9)
square_low(2**32), square_high(2**32)
n = 10**19
square_high(n) * 2**64 + square_low(n) == n * n
