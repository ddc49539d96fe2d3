import units
units.dozen()
units.score()
units.gross()
[name for name in vars(units) if not name.startswith("__")]
units.dozen.__name__
units.dozen.__doc__
units.score.__doc__
units.gross.__doc__
# they take no arguments, and CPython itself sees to that
units.score(1)
units.gross(*range(3))
