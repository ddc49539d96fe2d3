from array import array
from pick import pick, after
row = array("q", [10, 20, 30])
row.itemsize
row.tobytes().hex(" ", 8)
[pick(row, index) for index in range(3)]
after(row, 0)
after(row, 1) == pick(row, 2)
# two elements are lent, and the third is read all the same
two = memoryview(row)[:2]
len(two), pick(two, 2)
