from bitwise import rgb, green, has_bit, rotate
hex(rgb(0x1e, 0x90, 0xff)), hex(rgb(255, 255, 255)), rgb(0, 0, 0)
hex(rgb(1, 0, 0)), hex(rgb(0, 1, 0)), hex(rgb(0, 0, 1))
hex(green(0x1e90ff)), hex(green(0x00ff00)), hex(green(0xff00ff))
# bits above the color, and a sign
hex(green(0x123456789abc)), hex(green(-1)), hex(green(-2**63))
[i for i in range(64) if has_bit(0b101101, i)]
has_bit(2**63, 63), has_bit(2**63, 62), has_bit(2**64 - 1, 0)
# above bit 31
[i for i in range(64) if has_bit(2**32 + 2**40, i)]
rotate(5, 1), rotate(5, 0), rotate(5, 63), rotate(2**63, 1)
hex(rotate(0x0123456789abcdef, 4))
hex(rotate(0x0123456789abcdef, 32))
# what the glue refuses: a color has 8 bits for each part
rgb(256, 0, 0)
rgb(0, 0, -1)
from random import Random
r = Random(5)
parts = [[r.getrandbits(8) for _ in range(3)] for _ in range(60)]
all(rgb(*p) == int(bytes(p).hex(), 16) for p in parts)
all(green(rgb(*p)) == p[1] for p in parts)
numbers = [r.getrandbits(64) for _ in range(3)]
all(has_bit(n, i) == bool(n >> i & 1)
    for n in numbers for i in range(64))
def turned(n, k):
    return (n << k | n >> 64 - k) % 2**64
all(rotate(n, k) == turned(n, k) for n in numbers for k in range(64))
