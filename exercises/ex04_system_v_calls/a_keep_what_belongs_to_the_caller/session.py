from fibonacci import fib
# the two that call nobody
fib(0)
fib(1)
# the first that calls itself
fib(2)
fib(3)
fib(10)
[fib(n) for n in range(20)]
fib(24)
