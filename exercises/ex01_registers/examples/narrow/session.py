from narrow import as_it_came, as_long
hex(as_it_came(44)), hex(as_it_came(-44))
as_long(44), as_long(-44)
