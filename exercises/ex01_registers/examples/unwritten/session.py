from unwritten import unwritten
unwritten()
hex(unwritten())
