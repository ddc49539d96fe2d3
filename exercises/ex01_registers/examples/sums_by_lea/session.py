from sums_by_lea import add, times_five, seats
add(40, 2), times_five(8)
seats(10, 5)
