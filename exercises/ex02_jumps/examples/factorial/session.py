from factorial import factorial
factorial(5), factorial(20), factorial(1), factorial(0)
