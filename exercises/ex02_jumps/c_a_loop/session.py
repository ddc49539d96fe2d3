from loops import sum_to, gcd
sum_to(4), sum_to(100), sum_to(1)
# not a single round
sum_to(0), sum_to(-1), sum_to(-2**63)
# more than 32 bits
sum_to(100_000)
all(sum_to(n) == sum(range(n + 1)) for n in range(-20, 60))
gcd(12, 18), gcd(18, 12), gcd(7, 5)
gcd(5, 0), gcd(0, 5), gcd(0, 0)
gcd(17, 17), gcd(1, 2**64 - 1)
# the highest bit is no sign
gcd(2**64 - 1, 2**32 - 1), gcd(2**63, 2**64 - 2), gcd(2**64 - 2, 3)
# two neighbors in Fibonacci's row: the most rounds there can be
gcd(12200160415121876738, 7540113804746346429)
import math
from random import Random
r = Random(9)
def number():
    return r.getrandbits(64) >> r.getrandbits(6)
pairs = [(number(), number()) for _ in range(100)]
all(gcd(a, b) == math.gcd(a, b) for a, b in pairs)
all(gcd(6 * a, 10 * b) == math.gcd(6 * a, 10 * b)
    for a in range(10) for b in range(10))
