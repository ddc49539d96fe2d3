from array import array
from fill import fill
row = array("q", [1, 2, 3])
fill(row, 2, 7)
row
fill(row, 0, 99)
row
