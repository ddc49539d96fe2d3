from traffic import traffic
"".join(chr(traffic(n)) for n in range(3))
chr(traffic(3)), chr(traffic(-1)), chr(traffic(2**40))
