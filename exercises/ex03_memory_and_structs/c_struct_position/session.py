from array import array
from robot import where, step, move
# the bytes of 3, 9 and 0, the least significant byte of each first
where().hex(" ", 4)
step()
where().hex(" ", 4)
# a position, and one int behind it that does not belong to it
row = array("i", [3, 9, 0, 77])
move(row, 1, -2, 5)
row
# no carry from one field into the next
move(row, -4, 0, 0)
row
move(row, -1, -8, -6)
row
# the robot stays where it was
where().hex(" ", 4)
# 32-bit sums wrap around
row = array("i", [2**31 - 1, 0, -2**31, 77])
move(row, 1, 0, -1)
row
