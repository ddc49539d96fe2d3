from signs import sign
[sign(n) for n in (-7, 0, 7)]
