from odd import where, number
where() % 8
number()
