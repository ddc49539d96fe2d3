from narrow import whole_register, as_long, is_space
hex(whole_register(9))
as_long(9), as_long(-9)
is_space(ord(" ")), is_space(ord("-"))
