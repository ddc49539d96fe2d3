from products import area, weeks
area(6, 7), area(-6, 7), area(-6, -7)
weeks(6)
area(2**62, 4)
