from variables import get_a, set_b, assign, reset_a, address_of_a
get_a()
# lea gives the place, and the glue shows the eight bytes there
address_of_a()
set_b(12)
# storing into b leaves a alone
get_a()
assign()
get_a()
address_of_a()
# a was copied, not tied to b
set_b(99)
get_a()
# more than 32 bits, and a negative number
set_b(2**40 + 7)
assign()
get_a()
set_b(-3)
assign()
get_a()
# every one of the eight bytes is written
address_of_a()
reset_a()
get_a()
address_of_a()
assign()
get_a()
