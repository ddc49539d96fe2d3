from array import array
from swap import swap, swap_in_one_register
row = array("q", [1, 2, 3])
swap(row)
row
swap_in_one_register(row)
row
