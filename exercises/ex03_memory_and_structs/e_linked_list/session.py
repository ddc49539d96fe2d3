from array import array
from chains import length, find, reverse
# nodes side by side in memory; nobody has linked them yet
nodes = array("q", [10, 0, 20, 0, 30, 0, 40, 0])
start = nodes.buffer_info()[0]
length(start)
# node 0 goes on with node 2, and node 2 with node 1
nodes[1] = start + 2 * 16
nodes[5] = start + 1 * 16
length(start)
length(start + 2 * 16)
# the empty list
length(0)
find(0, 10)
reverse(0)
# find tells where the node is
find(start, 10) == start
find(start, 20) == start + 16
find(start + 2 * 16, 10)
find(start, 99)
# a second 20 is not the first one, and a value is compared to its last bit
nodes[4] = 20
find(start, 20) == start + 2 * 16
nodes[4] = 20 + 2**32
find(start, 20) == start + 1 * 16
# Python walks the list too, by the addresses that it finds
def values(first):
    found = []
    while first and len(found) < 300:
        at = (first - start) // 8
        found.append(nodes[at])
        first = nodes[at + 1]
    return found
nodes[4] = 30
values(start)
values(reverse(start))
nodes[1]
values(reverse(start + 1 * 16))
# a list of one node
reverse(start + 3 * 16) == start + 3 * 16
from random import Random
r = Random(5)
# lists of 0 to 60 nodes that lie in memory in any order
def chain(count):
    global nodes, start
    nodes = array("q", [0] * 2 * (count + 1))
    start = nodes.buffer_info()[0]
    places = r.sample(range(count), count)
    first = 0
    for place in places:
        nodes[2 * place] = r.getrandbits(62)
        nodes[2 * place + 1] = first
        first = start + 16 * place
    return first
all(length(chain(count)) == count for count in (0, 1, 2, 3, 10, 60))
def turns(first):
    before = values(first)
    return values(reverse(first)) == before[::-1]
all(turns(chain(count)) for count in (0, 1, 2, 3, 10, 60))
