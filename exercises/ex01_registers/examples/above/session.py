from above import write_64, write_32, write_16, write_8
hex(write_64())
hex(write_32())
hex(write_16())
hex(write_8())
