import bare
bare.__name__
bare.__doc__ is None
[name for name in vars(bare) if not name.startswith("__")]
bare.color = "green"
bare.color
bare.north()
