from arithmetic import high, floordiv, mod
high(2, 3), high(2**32, 2**32), high(2**63, 6)
high(2**64 - 1, 2**64 - 1), high(2**64 - 1, 2)
floordiv(7, 2), mod(7, 2)
floordiv(-7, 2), mod(-7, 2)
floordiv(7, -2), mod(7, -2)
floordiv(-7, -2), mod(-7, -2)
# no remainder, nothing to correct
floordiv(6, 2), floordiv(-6, 2), floordiv(6, -2)
mod(6, 2), mod(-6, 2), mod(6, -2), mod(-6, -2)
floordiv(0, -5), mod(0, -5)
# the quotient is 0 or 1 before it is rounded
floordiv(1, 10), floordiv(-1, 10), floordiv(1, -10)
mod(1, 10), mod(-1, 10), mod(1, -10), mod(-1, -10)
# the ends of the range
floordiv(-2**63, 2**63 - 1), mod(-2**63, 2**63 - 1)
floordiv(2**63 - 1, -2**63), mod(2**63 - 1, -2**63)
floordiv(-2**63, 1), mod(-2**63, 3)
mod(2**63 - 2, 2**63 - 1)
from random import Random
small = [(a, b) for a in range(-12, 13) for b in range(-4, 5) if b]
all(floordiv(a, b) == a // b for a, b in small)
all(mod(a, b) == a % b for a, b in small)
# numbers of every length
r = Random(5)
def number():
    return 1 + (r.getrandbits(63) >> r.randrange(61))
def either():
    return number() * r.choice([-1, 1])
large = [(either(), either()) for _ in range(100)]
all(floordiv(a, b) == a // b for a, b in large)
all(mod(a, b) == a % b for a, b in large)
all(high(abs(a), abs(b)) == abs(a * b) // 2**64 for a, b in large)
