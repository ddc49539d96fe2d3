from switches import on, off
bin(on(0b1000, 0)), bin(on(0b1000, 3))
bin(off(0b1001, 3)), bin(off(0b1001, 2))
