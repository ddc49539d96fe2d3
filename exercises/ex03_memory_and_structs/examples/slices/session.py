from slices import one_byte, four_bytes, eight_bytes, next_byte
hex(eight_bytes())
hex(four_bytes())
hex(one_byte())
hex(next_byte())
