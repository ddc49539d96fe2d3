from digits import digits, countdown, spread
digits(1, 2, 3, 4, 5, 6, 7, 8)
countdown()
from array import array
spread(array("q", [3, 1, 4, 1, 5, 9, 2, 6]))
