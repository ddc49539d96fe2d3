from glued import square, opposite
square(12)
opposite(5)
# the mark of an error is also a number
square(-1)
opposite(-1)
opposite(1)
# more than 32 bits
square(-3037000499)
opposite(2**63 - 1)
# arguments that are refused
square("12")
opposite(None)
square(2**63)
opposite(-2**63 - 1)
square()
square(1, 2)
# an argument that is made by Python code, which calls the module
class Five:
    def __index__(self):
        opposite(7)
        return 5
square(Five())
class Broken:
    def __index__(self):
        raise LookupError("no number here")
opposite(Broken())
# and the exception of one call does not stay for the next
opposite(-1)
all(square(n) == n * n for n in range(-99, 100))
all(opposite(n) == -n for n in range(-2**62, 2**62, 2**56))
