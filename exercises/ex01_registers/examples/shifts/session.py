from shifts import left, right, right_signed
left(5), right(80), right_signed(80)
left(2**59)
hex(right(-1)), right_signed(-1)
right_signed(-80), -80 >> 4
