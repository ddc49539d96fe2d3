from rectangle import card, card_height, area, turn
card().hex(" ", 4)
card_height()
from array import array
sheet = array("i", [210, 297])
area(sheet)
turn(sheet)
sheet
area(card())
