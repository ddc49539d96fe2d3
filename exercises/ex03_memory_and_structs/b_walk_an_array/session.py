from array import array
from rows import total, total_of_ints, reverse
# the 1000 lies behind the three elements and does not belong to them
row = array("q", [10, 20, 30, 1000])
total(row, 3)
total(row, 1)
# no element, no turn of the loop
total(row, 0)
total(array("q", [2**40, -2**41, 1000]), 2)
# four bytes each, and each with its own sign
ints = array("i", [1, -2, 3, 1000])
total_of_ints(ints, 3)
total_of_ints(ints, 0)
# the sum needs more bits than its elements have
total_of_ints(array("i", [2**31 - 1] * 4 + [1000]), 4)
total_of_ints(array("i", [-2**31] * 3 + [1000]), 3)
# an even count, an odd one, and the two that change nothing
row = array("q", [1, 2, 3, 4, 77])
reverse(row, 4)
row
reverse(row, 3)
row
reverse(row, 1)
reverse(row, 0)
row
from random import Random
r = Random(5)
lists = [[r.getrandbits(32) - 2**31 for _ in range(n)] for n in range(20)]
def sum_by(function, code, numbers):
    return function(array(code, numbers + [9]), len(numbers))
all(sum_by(total, "q", each) == sum(each) for each in lists)
all(sum_by(total_of_ints, "i", each) == sum(each) for each in lists)
def turned(numbers):
    row = array("q", numbers + [9])
    reverse(row, len(numbers))
    return row.tolist()
all(turned(each) == each[::-1] + [9] for each in lists)
