from sums import add, sub
add(40, 2)
sub(40, 2)
sub(2, 40)
add(-5, 3), sub(-5, 3)
# more than 32 bits
add(2**40, 2**40), sub(2**40, 1)
all(add(a, b) == a + b for a in range(-30, 30, 7) for b in range(-30, 30, 7))
all(sub(a, b) == a - b for a in range(-30, 30, 7) for b in range(-30, 30, 7))
# the ends of the range, and past them
add(2**63 - 1, -2**63)
add(2**63 - 1, 1) == -2**63
sub(-2**63, 1) == 2**63 - 1
# what the glue refuses before the function is called
add(2**63, 1)
sub("40", 2)
add(40)
