from array import array
from pick import pick, after
row = array("q", [10, 20, 30])
row.itemsize
row.tobytes().hex(" ", 8)
[pick(row, index) for index in range(3)]
after(row, 0)
after(row, 1) == pick(row, 2)
