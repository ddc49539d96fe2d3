from power import power
power(2, 10), power(-3, 3), power(7, 1)
power(7, 0)
