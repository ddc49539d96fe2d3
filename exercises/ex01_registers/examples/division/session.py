from division import quotient, remainder, hours
hours(150), hours(2**64 - 1)
quotient(17, 5), remainder(17, 5)
pairs = [(7, 2), (-7, 2), (7, -2), (-7, -2)]
[(quotient(a, b), remainder(a, b)) for a, b in pairs]
[divmod(a, b) for a, b in pairs]
