from struct import unpack
from dozens import order_of
unpack("3l", order_of(bytearray(24), 157))
unpack("3l", order_of(bytearray(24), 29))
