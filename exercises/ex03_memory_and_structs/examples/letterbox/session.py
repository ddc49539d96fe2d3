from letterbox import the_box, put
the_box()
put(258)
the_box()
the_box().hex(" ")
2 + 1 * 256
int.from_bytes(the_box(), "little")
