from below import below, below_unsigned
below(1, 2), below_unsigned(1, 2)
below(-1, 1)
# the same 64 bits, without a sign
below_unsigned(2**64 - 1, 1)
