from padding import pad_right
pad_right(bytearray(100), b"left", 9, ord("."))
pad_right(bytearray(100), b"a", 3, ord("-"))
# nothing to add
pad_right(bytearray(100), b"left", 4, ord("."))
pad_right(bytearray(100), b"left", 2, ord("."))
pad_right(bytearray(100), b"left", 0, ord("."))
pad_right(bytearray(100), b"left", -1, ord("."))
# nothing to copy
pad_right(bytearray(100), b"", 3, ord("x"))
pad_right(bytearray(100), b"", 0, ord("x"))
# a fill of 0 means spaces, and -1 is a byte too
pad_right(bytearray(100), b"ab", 5, 0)
pad_right(bytearray(100), b"ab", 5, -1)
# for strlen the text ends at its first zero byte
pad_right(bytearray(100), b"ab\0cd", 4, ord("."))
# the zero byte is written, and nothing behind it
out = bytearray(b"#" * 8 + bytes(92))
pad_right(out, b"ab", 4, ord("."))
out[:8]
pad_right(out, b"abc", 1, ord("."))
out[:8]
# no wider than 99
def widths(*asked):
    return [len(pad_right(bytearray(100), b"ab", n, 0)) for n in asked]
widths(98, 99, 100, 1000, 2**31 - 1, -2**31)
from random import Random
r = Random(5)
def some_text(length):
    return bytes(r.randrange(1, 256) for _ in range(length))
def as_python_does(text, width, fill):
    char = fill - 256 if fill > 127 else fill
    padded = pad_right(bytearray(100), text, width, char)
    return padded == text.ljust(min(width, 99), bytes([fill]))
def one_case():
    text = some_text(r.randrange(40))
    return as_python_does(text, r.randrange(-5, 120), r.randrange(1, 256))
all(one_case() for _ in range(30))
