from multiply import multiply
multiply(2, 4)
multiply(-2, 4)
multiply(-3, -5)
multiply(0, 2**63 - 1)
# more than 32 bits, in the arguments and in the result
multiply(2**32, 1)
multiply(123456789, 987654321)
multiply(-2**40, 2**20)
# the last products that fit, and the first that do not
multiply(2**62, -2)
multiply(-2**63, 1)
multiply(2**62, 2)
multiply(-2**63, -1)
multiply(2**63 - 1, 2**63 - 1)
# no C long long
multiply(2**63, 1)
multiply(1, -2**63 - 1)
# other arguments than two integers
multiply()
multiply(2)  # message
multiply(2, 4, 6)
multiply("2", 4)
multiply(2, 4.0)
multiply(a=2, b=4)
# an argument that calls multiply while multiply reads its arguments
class Five:
    def __index__(self):
        multiply(1000, 1000)
        return 5
multiply(3, Five())
multiply(Five(), Five())
class Broken:
    def __index__(self):
        raise LookupError("no number here")
multiply(3, Broken())
multiply.__name__
multiply.__doc__
all(multiply(a, b) == a * b for a in range(-50, 50, 9) for b in range(-50, 50, 9))
all(multiply(a, -7) == a * -7 for a in range(-2**60, 2**60, 2**53))
