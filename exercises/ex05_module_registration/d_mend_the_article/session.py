from pymult import multiply
multiply(2, 4)
# a negative product, one that does not fit, and a call within a call
multiply(-2, 4)
multiply(2**62, 2)
class Five:
    def __index__(self):
        multiply(1000, 1000)
        return 5
multiply(3, Five())
# more than 32 bits
multiply(2**32, 1)
multiply(123456789, 987654321)
multiply(-2**40, 2**20)
# the last products that fit, and the first that do not
multiply(2**62, -2)
multiply(-2**63, 1)
multiply(-2**63, -1)
multiply(2**63 - 1, 2**63 - 1)
# arguments that are refused
multiply(2**63, 1)
multiply()
multiply(2)  # message
multiply("2", 4)
multiply(2, 4.0)
multiply(Five(), Five())
class Broken:
    def __index__(self):
        raise LookupError("no number here")
multiply(3, Broken())
multiply(Broken(), 3)
all(multiply(a, b) == a * b for a in range(-50, 50, 9) for b in range(-50, 50, 9))
all(multiply(a, -7) == a * -7 for a in range(-2**60, 2**60, 2**53))
# what Python sees of the tables
import pymult
pymult.__doc__
[name for name in vars(pymult) if not name.startswith("__")]
multiply.__name__
multiply.__doc__
