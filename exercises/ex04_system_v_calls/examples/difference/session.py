from difference import difference
difference(7, 5), difference(5, 7)
difference(2**32, 0)
difference(2**31, 0)
difference(2**63 - 1, -2**63)
