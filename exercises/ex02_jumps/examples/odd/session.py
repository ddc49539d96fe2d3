from odd import is_odd, is_odd_by_shift
is_odd(7), is_odd(8), is_odd(0), is_odd(-1)
is_odd_by_shift(7), is_odd_by_shift(8)
