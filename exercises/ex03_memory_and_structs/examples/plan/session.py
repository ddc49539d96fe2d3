from struct import calcsize
# char, short, int, long, long long, a pointer
[calcsize(code) for code in "bhilqP"]
calcsize("ii")
from plan import size_of_rectangle, offset_of_height
size_of_rectangle()
offset_of_height()
