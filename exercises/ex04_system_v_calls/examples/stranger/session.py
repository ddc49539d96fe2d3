from stranger import as_format, as_text
as_format(bytearray(40), b"thirty percent")
as_format(bytearray(40), b"30%lx")
as_text(bytearray(40), b"30%lx")
