from shapes import length, price, volume_of, both
# given, and for you to build on
length(3.0, 4.0)
# one structure in two kinds of registers
price(2.5, 3)
price(-0.5, 10**15)
price(1.0, -(2**53))
price(19.99, 0)
price(0.0, 7)
# larger than 16 bytes: on the stack
volume_of(2.0, 3.0, 4.0)
volume_of(0.5, 0.25, -8.0)
volume_of(1e200, 1e200, 1e-200)
# two calls, and four doubles that the first one may destroy
both(3.0, 4.0, 5.0, 12.0)
both(5.0, 12.0, 3.0, 4.0)
both(0.0, 0.0, 8.0, -15.0)
both(-8.0, 15.0, 0.0, 0.0)
both(float("inf"), 0.0, 1.0, 1.0)
both(1.0, 1.0, 1.0, float("nan"))
from math import sqrt
from random import Random
r = Random(5)
def some():
    return r.uniform(-1e6, 1e6)
def agree():
    a, b, c, d, n = some(), some(), some(), some(), r.getrandbits(40)
    return (price(a, n) == a * n and volume_of(a, b, c) == a * b * c
        and both(a, b, c, d) == sqrt(a*a + b*b) + sqrt(c*c + d*d))
all(agree() for _ in range(80))
