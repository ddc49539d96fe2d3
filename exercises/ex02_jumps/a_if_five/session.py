from if_five import if_five
if_five(2)
if_five(5)
chr(if_five(2)), chr(if_five(5))
chr(if_five(0)), chr(if_five(-2)), chr(if_five(-8))
# 2 in the low 32 bits, and something above them
chr(if_five(2**32 + 2))
chr(if_five(2**63 - 1)), chr(if_five(-2**63))
[a for a in range(-100, 100) if if_five(a) == ord("Y")]
all(if_five(a) in (ord("Y"), ord("N")) for a in range(-100, 100))
if_five("2")
