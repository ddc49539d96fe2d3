from wide import add_high
add_high(5, 1, 6, 2)
# the lower halves make a carry
add_high(2**64 - 1, 1, 6, 2)
