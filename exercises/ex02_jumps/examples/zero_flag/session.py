from zero_flag import zero_flag
zero_flag(5, 5)
zero_flag(4, 5)
zero_flag(-5, 5)
