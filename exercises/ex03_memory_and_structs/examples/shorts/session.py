from array import array
from shorts import with_sign, without_sign
row = array("h", [300, -2])
row.tobytes().hex(" ", 2)
[with_sign(row, index) for index in (0, 1)]
[without_sign(row, index) for index in (0, 1)]
