from return_address import is_the_next_line
is_the_next_line()
