from counting import popcount, steps
popcount(0b101101), popcount(1), popcount(2), popcount(0)
# the upper half, and the highest bit
popcount(2**32), popcount(2**63), popcount(2**64 - 1)
from random import Random
r = Random(9)
numbers = [r.getrandbits(64) >> r.getrandbits(6) for _ in range(40)]
all(popcount(n) == bin(n).count("1") for n in numbers)
steps(6), steps(1), steps(2), steps(4), steps(3)
steps(27), steps(97), steps(2**63)
steps(0)
# 3 * n does not fit
steps(2**64 - 1), steps(2**63 - 1), steps(2**63 + 1)
# only the + 1 does not fit
steps((2**64 - 1) // 3)
# the way goes above 2**63, and stays below 2**64
steps(2**55 + 27)
def collatz(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        if n >= 2**64:
            return -1
        count += 1
    return count
all(steps(n) == collatz(n) for n in range(1, 50))
all(steps(n) == collatz(n) for n in numbers[:10] if n)
