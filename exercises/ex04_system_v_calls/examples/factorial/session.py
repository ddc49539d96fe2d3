from factorial import factorial
[factorial(n) for n in range(7)]
factorial(20)
import math
factorial(20) == math.factorial(20)
