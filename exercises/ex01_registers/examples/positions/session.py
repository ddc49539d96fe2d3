from positions import third, sixth
third(10, 20, 30)
sixth(10, 20, 30, 40, 50, 60)
