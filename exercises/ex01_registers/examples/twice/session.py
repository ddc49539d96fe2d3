from twice import twice
twice(21)
twice(-4)
# the result needs a 65th bit
twice(2**62)
# the argument does
twice(2**63)  # message
twice("21")
