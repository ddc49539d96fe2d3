from labels import label
label(bytearray(40), 40, b"tea", 3, 2.5)
label(bytearray(40), 40, b"rice", 1, 0.99)
label(bytearray(40), 40, b"", 0, 1.0)
label(bytearray(60), 60, b"refund", -2, 4.25)
label(bytearray(60), 60, b"a lot", 2**31 - 1, 1e6)
# no room for all of it
label(bytearray(40), 6, b"tea", 3, 2.5)
label(bytearray(40), 1, b"tea", 3, 2.5)
out = bytearray(b"#" * 30)
label(out, 21, b"tea", 3, 2.5)
out
# a size of 0: nothing is written, not even a zero byte
label(bytearray(b"as it was"), 0, b"tea", 3, 2.5)
label(bytearray(40), 40, b"sand", 1, float("inf"))
from random import Random
r = Random(5)
def as_python_does(count, price):
    text = label(bytearray(99), 99, b"x", count, price)
    return text == b"x: %d x %.2f = %.2f" % (count, price, count * price)
def one_case():
    return as_python_does(r.randrange(-9999, 9999), r.uniform(-999, 999))
all(one_case() for _ in range(30))
