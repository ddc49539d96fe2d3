from array import array
from negatives import negatives
row = array("q", [5, -3, 0, -1])
negatives(row, 4)
negatives(row, 2)
negatives(row, 0)
