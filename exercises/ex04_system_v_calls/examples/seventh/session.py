from seventh import by_rsp, by_rbp
by_rsp(1, 2, 3, 4, 5, 6, 7)
by_rbp(1, 2, 3, 4, 5, 6, 7)
