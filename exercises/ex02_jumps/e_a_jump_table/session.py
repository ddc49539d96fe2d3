from calculator import calculate
[calculate(operation, 40, 2) for operation in range(4)]
[calculate(operation, -3, 5) for operation in range(4)]
[calculate(operation, 5, -3) for operation in range(4)]
# no such operation: far above, far below, and next to the table
calculate(2**59, 1, 2), calculate(-2**59, 1, 2)
calculate(4, 1, 2), calculate(5, 1, 2), calculate(-1, 1, 2)
# 0 in the low 32 bits, and something above them
calculate(2**32, 1, 2), calculate(2**63 - 1, 1, 2)
calculate(-2**63, 1, 2)
# the ends of the range
calculate(0, 2**63 - 1, -2**63), calculate(3, 2**63 - 1, -2**63)
calculate(2, 2**62, 2) == -2**63
from random import Random
r = Random(5)
def number():
    return r.getrandbits(32) - 2**31
pairs = [(number(), number()) for _ in range(30)]
expected = [[a + b, a - b, a * b, max(a, b)] for a, b in pairs]
[[calculate(n, a, b) for n in range(4)] for a, b in pairs] == expected
