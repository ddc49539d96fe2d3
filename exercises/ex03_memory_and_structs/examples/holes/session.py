from struct import calcsize, pack
from holes import size, count_of, total_of
one = pack("bihl", 1, 2, 3, 4)
one.hex(" ", 8)
size(), calcsize("bihl")
count_of(one), total_of(one)
