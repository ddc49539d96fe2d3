from distance import distance
distance(7), distance(-7), distance(0)
# it has no positive twin in 64 bits
distance(-2**63)
