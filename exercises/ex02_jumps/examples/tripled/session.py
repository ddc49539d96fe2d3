from tripled import tripled
tripled(14), tripled(2**63), tripled(2**64 - 1)
largest = (2**64 - 1) // 3
tripled(largest) == 2**64 - 1, tripled(largest + 1)
