from array import array
from sorting import sort, sort_positions
def in_order(numbers):
    row = array("q", numbers)
    sort(row, len(numbers))
    return row.tolist()
in_order([20, 10])
in_order([10, 20])
# a negative number is less than a positive one
in_order([5, -5])
# differences that do not fit into an int, or into a long
in_order([2**32, 0])
in_order([2**31, 0])
in_order([2**63 - 1, -2**63])
in_order([30, 10, 50, 20, 40, 10])
in_order([])
# the element behind the count stays where it is
row = array("q", [3, 2, 1, 0])
sort(row, 3)
row
def positions_in_order(numbers):
    row = array("i", numbers)
    sort_positions(row, len(numbers) // 3)
    return row.tolist()
# by z, whatever x and y are
positions_in_order([1, 1, 9, 9, 9, 1])
positions_in_order([0, 0, 1, 0, 0, -1])
# the same z: by y; the same z and y: by x
positions_in_order([1, 8, 5, 2, 7, 5])
positions_in_order([6, 4, 4, -3, 4, 4])
positions_in_order([4, 4, 4, 4, 4, 4])
from random import Random
r = Random(5)
def some(count, largest):
    return [r.randrange(-largest, largest) for _ in range(count)]
lists = [some(count, 2**63) for count in range(0, 40, 3)]
all(in_order(each) == sorted(each) for each in lists)
def agrees(count, largest):
    numbers = some(3 * count, largest)
    zyx = sorted(zip(numbers[2::3], numbers[1::3], numbers[::3]))
    in_python = [number for each in zyx for number in each[::-1]]
    return positions_in_order(numbers) == in_python
# few different numbers, so that many are equal, and then all there are
all(agrees(count, 2) for count in range(12))
all(agrees(count, 2**31) for count in range(0, 30, 4))
