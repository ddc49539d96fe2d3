from struct import pack
from by_value import total
x_and_y = int.from_bytes(pack("ii", 3, 9), "little")
hex(x_and_y)
total(x_and_y, 5)
