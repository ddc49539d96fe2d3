from carousel import left, right
hex(left(0x1122334455667788))
hex(right(0x1122334455667788))
