from masks import both, either, one, flip
bin(both(0b1100, 0b1010))
bin(either(0b1100, 0b1010))
bin(one(0b1100, 0b1010))
flip(0), flip(5)
