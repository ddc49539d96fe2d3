from digit_sum import digit_sum
digit_sum(1991), digit_sum(0), digit_sum(2**64 - 1)
