from bits import bits_of, as_double, converted
hex(bits_of(2.5))
hex(bits_of(3.0))
converted(3)
as_double(3)
