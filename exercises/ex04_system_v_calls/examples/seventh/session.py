from seventh import by_rsp, by_rbp, all_of_it, an_int
by_rsp(1, 2, 3, 4, 5, 6, 7)
by_rbp(1, 2, 3, 4, 5, 6, 7)
hex(all_of_it(1, 2, 3, 4, 5, 6, 7))
an_int(1, 2, 3, 4, 5, 6, -7)
