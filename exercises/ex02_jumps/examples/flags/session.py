from flags import zero, sign, carry, overflow
def flags(a, b):
    return {f.__name__: f(a, b) for f in (zero, sign, carry, overflow)}
flags(3, 5)
flags(-1, 1)
flags(-2**63, 1)
