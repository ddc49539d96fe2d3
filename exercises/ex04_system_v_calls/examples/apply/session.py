from array import array
from apply import double_each, negate_each
row = array("q", [1, 2, 3])
double_each(row, 3)
row
negate_each(row, 2)
row
