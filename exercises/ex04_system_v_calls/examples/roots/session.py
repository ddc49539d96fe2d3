from roots import sum_of_roots
sum_of_roots(9.0, 16.0)
sum_of_roots(2.0, 2.0)
