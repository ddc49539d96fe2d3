from scales import weigh, weigh_from
weigh(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
weigh(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
# each argument alone
weigh(0, 0, 0, 0, 0, 0, 1, 0, 0, 0)
[weigh(*[0] * k, 1, *[0] * (9 - k)) for k in range(10)]
weigh(-1, 2, -3, 4, -5, 6, -7, 8, -9, 10)
weigh(0, 0, 0, 0, 0, 0, 2**40, -2**40, 2**50, -2**50)
# so large that no CPU takes it for an address: who leaves the arguments on the
# stack faults at his own ret, and not wherever a small number would lead him
weigh_from(10**17)
weigh_from(1)
weigh_from(0)
weigh_from(-5)
all(weigh_from(n) == 55 * n + 330 for n in range(-100, 100, 3))
