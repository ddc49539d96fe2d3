from struct import calcsize, iter_unpack, pack
from catalog import methods_bytes, methods_address, text_at
from catalog import flags_of, doc_of, count
calcsize("PPiP")
# a table that C could have made: "PPiP" lays out as a compiler does
table = pack("PPiP", 11, 12, 13, 14) + pack("PPiP", 21, 22, -23, 24)
flags_of(table, 0), doc_of(table, 0)
flags_of(table, 1), doc_of(table, 1)
count(table + bytes(64))
count(bytes(64))
# the end is the entry without a name, and nothing else
only_a_name = pack("PPiP", 2**32, 0, 0, 0)
count(only_a_name * 3 + bytes(64))
all_but_a_name = pack("PPiP", 0, 1, 1, 1)
count(table + all_but_a_name + table + bytes(64))
# your table, as C sees it
entries = list(iter_unpack("PPiP", methods_bytes()))
in_place = [flags for _, _, flags, _ in entries] == [8, 4, 0]
in_place
names = [entry[0] for entry in entries[:2]] if in_place else []
[text_at(name) for name in names]
entries[0][1] < entries[1][1]
docs = [doc_of(methods_bytes(), n) for n in range(3)]
[entry[3] for entry in entries] == docs
entries[2] == (0, 0, 0, 0)
methods_address() % 8 == 0
# and as your own functions do
[flags_of(methods_bytes(), n) for n in range(3)] == [8, 4, 0]
[text_at(doc_of(methods_bytes(), n)) for n in range(2)]
count(methods_bytes() + bytes(64))
from random import Random
r = Random(5)
def entry(flags):
    return pack("PPiP", 1, r.getrandbits(64), flags, r.getrandbits(64))
flags = [r.getrandbits(32) - 2**31 for _ in range(200)]
table = b"".join(entry(each) for each in flags) + bytes(64)
count(table)
all(flags_of(table, n) == flags[n] for n in range(200))
