from widths import zero_extend, sign_extend, low_byte, put_byte
zero_extend(5), zero_extend(-5), zero_extend(2**32 + 5)
# the ends of 32 bits, and what lies beyond
zero_extend(-1), zero_extend(2**31), zero_extend(2**32)
zero_extend(-2**63)
sign_extend(5), sign_extend(-5), sign_extend(2**32 - 5)
sign_extend(2**31 - 1), sign_extend(2**31)
sign_extend(-2**31), sign_extend(-2**31 - 1)
sign_extend(2**32), sign_extend(-2**63)
low_byte(0x1234), low_byte(255), low_byte(256)
low_byte(-1), low_byte(-128)
hex(put_byte(0x1122334455667788, 0xff))
hex(put_byte(0x1122334455667788, 0))
put_byte(-1, 0), put_byte(0, 255), put_byte(-256, 128)
# what the glue refuses: b has 8 bits
put_byte(0, 256)
put_byte(0, -1)
from random import Random
r = Random(5)
numbers = [r.getrandbits(64) - 2**63 for _ in range(60)]
all(zero_extend(n) == n % 2**32 for n in numbers)
all(sign_extend(n) == (n + 2**31) % 2**32 - 2**31 for n in numbers)
all(low_byte(n) == n % 256 for n in numbers)
all(put_byte(n, b) == n - n % 256 + b
    for n in numbers for b in (0, 127, 128, 255))
